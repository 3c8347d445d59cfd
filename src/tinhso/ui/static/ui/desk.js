/* Keys, selection and preview of the desk. Everything works without it.
   Contract with templates:
   [data-list]            the table; its rows: tr[data-href], optional data-preview (URL of a fragment)
   [data-preview-pane]    where the fragment goes
   [data-key="N"]         a button or link with a key of its own
   [data-bulk]            bar shown while something is selected; [data-bulk-count] with data-text="%s selected";
                          button[data-move] works while a chosen row's data-moves has its move
   a[data-dialog="#id"]   opens a <dialog> of the page; a[data-load]: loads its address's [data-fragment] into a dialog */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const typing = (e) => e.target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');
  const list = one('[data-list]');
  const pane = one('[data-preview-pane]');
  let waiting = null;

  const rows = () => (list ? all('tr[data-href]', list) : []);
  const current = () => one('tr.cur', list || document);

  async function show(row) {
    if (!beside() || !row.dataset.preview) return;
    if (waiting) waiting.abort();
    waiting = new AbortController();
    pane.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(row.dataset.preview, { signal: waiting.signal, headers: { 'X-Requested-With': 'fetch' } });
      if (answer.redirected || !answer.ok) { location.assign(row.dataset.href); return; }
      pane.innerHTML = await answer.text();
      pane.scrollTop = 0;
    } catch (fault) { if (fault.name !== 'AbortError') pane.removeAttribute('aria-busy'); return; }
    pane.removeAttribute('aria-busy');
  }
  // A preview beside the list only where there is room for it; elsewhere a press opens the dossier.
  const beside = () => Boolean(pane && pane.offsetParent);

  function choose(row, quietly) {
    if (!row) return;
    rows().forEach((r) => { r.classList.toggle('cur', r === row); if (r === row) r.setAttribute('aria-current', 'true'); else r.removeAttribute('aria-current'); });
    if (beside()) row.scrollIntoView({ block: 'nearest' });
    if (!quietly) { clearTimeout(choose.timer); choose.timer = setTimeout(() => show(row), 120); }
  }

  function step(by) {
    const found = rows();
    if (!found.length) {
      const link = one(by > 0 ? '[data-next]' : '[data-previous]');
      if (link) link.click();
      return;
    }
    const at = found.indexOf(current());
    choose(found[Math.max(0, Math.min(found.length - 1, at < 0 ? 0 : at + by))]);
  }

  // --- selection
  const bar = one('[data-bulk]');
  const boxes = () => (list ? all('tbody input[type=checkbox]', list) : []);
  const whole = list && one('thead input[type=checkbox]', list);
  function counted() {
    const chosen = boxes().filter((b) => b.checked);
    boxes().forEach((b) => b.closest('tr').classList.toggle('sel', b.checked));
    if (bar) {
      bar.hidden = !chosen.length;
      const told = one('[data-bulk-count]', bar);
      if (told) told.textContent = told.dataset.text.replace('%s', chosen.length);
      all('[data-move]', bar).forEach((b) => { b.disabled = !chosen.some((c) => c.closest('tr').dataset.moves.split(' ').includes(b.dataset.move)); });
    }
    if (whole) { whole.checked = chosen.length > 0 && chosen.length === boxes().length; whole.indeterminate = chosen.length > 0 && !whole.checked; }
  }
  if (list) {
    list.addEventListener('change', (e) => {
      if (e.target === whole) boxes().forEach((b) => { b.checked = whole.checked; });
      counted();
    });
    list.addEventListener('click', (e) => {
      const row = e.target.closest('tr[data-href]');
      if (!row || e.target.closest('a, button, input, label')) return;
      if (pane && !beside()) { location.assign(row.dataset.href); return; }
      choose(row);
    });
    list.addEventListener('dblclick', (e) => {
      const row = e.target.closest('tr[data-href]');
      if (row && !e.target.closest('a, button, input')) location.assign(row.dataset.href);
    });
    choose(current() || rows()[0], !beside() || !one('[data-preview-empty]', pane));
    counted();
  }
  const clear = () => { boxes().forEach((b) => { b.checked = false; }); counted(); };
  all('[data-clear-selection]').forEach((b) => b.addEventListener('click', clear));

  const shelf = one('.left [aria-current]');
  if (shelf) shelf.scrollIntoView({ block: 'nearest', inline: 'center' });

  // --- dialogs
  const keys = one('#keys');
  all('[data-show-keys]').forEach((b) => { b.hidden = false; b.addEventListener('click', () => keys.showModal()); });
  document.addEventListener('click', async (e) => {
    const opener = e.target.closest('[data-dialog]');
    if (opener) {
      const dialog = one(opener.dataset.dialog);
      if (dialog) { e.preventDefault(); dialog.showModal(); }
      return;
    }
    const loader = e.target.closest('a[data-load]');
    if (!loader || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    try {
      const answer = await fetch(loader.href, { headers: { 'X-Requested-With': 'fetch' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const part = one('[data-fragment]', page);
      if (!answer.ok || answer.redirected || !part) { location.assign(loader.href); return; }
      const dialog = document.createElement('dialog');
      dialog.append(document.adoptNode(part));
      document.body.append(dialog);
      dialog.addEventListener('close', () => dialog.remove());
      all('[data-close]', dialog).forEach((b) => b.addEventListener('click', (c) => { c.preventDefault(); dialog.close(); }));
      dialog.showModal();
    } catch { location.assign(loader.href); }
  });

  // --- keys
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.key === 'Escape') {
      if (typing(e)) { e.target.blur(); return; }
      if (!one('dialog[open]')) clear();
      return;
    }
    if (typing(e) || one('dialog[open]')) return;
    const press = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (press && !(e.key.startsWith('Arrow') && !rows().length)) { e.preventDefault(); step(press); return; }
    const row = current();
    if (e.key === 'Enter' && row && !e.target.closest('a, button')) { location.assign(row.dataset.href); return; }
    if (e.key === ' ' && row && !e.target.closest('a, button, summary, input')) {
      const box = one('input[type=checkbox]', row);
      if (box) { e.preventDefault(); box.checked = !box.checked; counted(); }
      return;
    }
    if (e.key === '/') { const box = one('.q input'); if (box) { e.preventDefault(); box.focus(); box.select(); } return; }
    if (e.key === '?') { if (keys) { e.preventDefault(); keys.showModal(); } return; }
    const wanted = e.key.toUpperCase();
    const target = all('[data-key]').find((b) => b.dataset.key.toUpperCase() === wanted && !b.disabled && b.offsetParent !== null && b.getAttribute('aria-disabled') !== 'true');
    if (target) { e.preventDefault(); target.click(); }
  });
})();
