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

  /* A passkey: what the browser says of it goes into a field of the form, and the form goes on as every other one. */
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const KNOWN = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
  const told = (key, response) => JSON.stringify({
    id: key.id, rawId: text(key.rawId), type: key.type, response,
    authenticatorAttachment: key.authenticatorAttachment ?? null, clientExtensionResults: {},
  });
  const create = async (asked) => {
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const excludeCredentials = asked.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) }));
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials };
    const key = await navigator.credentials.create({ publicKey });
    const made = key.response;
    return told(key, {
      clientDataJSON: text(made.clientDataJSON), attestationObject: text(made.attestationObject),
      authenticatorData: text(made.getAuthenticatorData()), publicKey: text(made.getPublicKey()),
      publicKeyAlgorithm: made.getPublicKeyAlgorithm(),
      transports: made.getTransports().filter((one) => KNOWN.includes(one)),
    });
  };
  const show = async (form, address) => {
    const body = new URLSearchParams({ _form: form.elements._form.value });
    const answer = await fetch(address, { method: 'POST', body });
    if (!answer.ok) throw new Error(address);
    const asked = await answer.json();
    const key = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge) } });
    const shown = key.response;
    return told(key, {
      clientDataJSON: text(shown.clientDataJSON), authenticatorData: text(shown.authenticatorData),
      signature: text(shown.signature), userHandle: text(shown.userHandle),
    });
  };
  document.querySelectorAll('[data-passkey], [data-options]').forEach((button) => {
    if (!window.PublicKeyCredential) return;
    const { field, failed, passkey, options } = button.dataset;
    const form = button.form;
    button.hidden = false;
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        const answer = document.createElement('input');
        answer.type = 'hidden';
        answer.name = field;
        answer.value = options ? await create(JSON.parse(options)) : await show(form, passkey);
        form.querySelectorAll(`[name="${field}"]`).forEach((one) => { one.disabled = true; });
        form.append(answer);
        form.submit();
      } catch {
        const note = form.querySelector('[role=alert]') ?? document.createElement('p');
        note.setAttribute('role', 'alert');
        note.className = 'note bad';
        note.textContent = failed;
        form.append(note);
        button.disabled = false;
      }
    });
  });
})();
