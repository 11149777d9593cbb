/* What makes pages live. Every page works without it. */
(() => {
  'use strict';
  const MAX_ROWS = 500;

  /* New runs go on top of the list as they end. The browser connects again by itself and says what it saw last. */
  const list = document.querySelector('[data-live]');
  if (list && 'EventSource' in window) {
    const card = list.closest('.card');
    const button = document.createElement('button');
    const state = document.createElement('span');
    const bar = document.createElement('p');
    let waiting = [];
    let paused = false;
    state.setAttribute('role', 'status');
    state.className = 'muted';
    bar.className = 'row';
    button.type = 'button';
    const say = () => {
      button.textContent = paused ? list.dataset.go + (waiting.length ? ' (' + waiting.length + ')' : '') : list.dataset.pause;
    };
    const add = (html) => {
      const holder = document.createElement('template');
      holder.innerHTML = '<table><tbody>' + html + '</tbody></table>';
      const row = holder.content.querySelector('tr');
      if (!row || document.getElementById(row.id)) return;
      row.classList.add('fresh');
      list.prepend(row);
      card.hidden = false;
      document.querySelectorAll('.empty').forEach((empty) => empty.remove());
      while (list.rows.length > MAX_ROWS) list.rows[list.rows.length - 1].remove();
    };
    button.addEventListener('click', () => {
      paused = !paused;
      if (!paused) {
        waiting.forEach(add);
        waiting = [];
      }
      say();
    });
    const source = new EventSource(list.dataset.live);
    source.addEventListener('open', () => { state.textContent = ''; });
    source.addEventListener('error', () => { state.textContent = list.dataset.lost; });
    source.addEventListener('run', (event) => {
      if (!paused) return add(event.data);
      waiting.push(event.data);
      if (waiting.length > MAX_ROWS) waiting.shift();
      say();
    });
    say();
    bar.append(button, state);
    card.before(bar);
  }

  /* What is for paper has a button that prints it, instead of the words that say how. */
  document.querySelectorAll('[data-print]').forEach((words) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = words.dataset.print;
    button.addEventListener('click', () => window.print());
    words.replaceWith(button);
  });

  /* A text that can be copied has a button for it. */
  document.querySelectorAll('[data-copy]').forEach((text) => {
    if (!navigator.clipboard) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text.dataset.copy;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = text.dataset.copied;
    });
    text.before(button);
  });
})();
