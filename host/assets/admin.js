/* What makes pages live. Every page works without it. */
(() => {
  'use strict';
})();
