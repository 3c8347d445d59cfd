/* Comfort on the citizen's pages. Everything works without it. */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const plain = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase();

  // The page in a loud voice: whole blocks in the order of reading, in the page's own language.
  const reader = one('[data-read-aloud]');
  if (reader && 'speechSynthesis' in window) {
    const label = one('span', reader);
    const begin = label.textContent;
    const end = () => { reader.removeAttribute('aria-pressed'); label.textContent = begin; };
    const blocks = () => all('h1, h2, h3, p, li, label, legend, summary, td, dt, dd, .say', one('main'))
      .filter((e) => e.offsetParent && !e.closest('[hidden], [aria-hidden=true], .no-read') && !all('h1, h2, h3, p, li, dd, label', e).length)
      .map((e) => e.textContent.replace(/\s+/g, ' ').trim()).filter(Boolean);
    reader.hidden = false;
    reader.addEventListener('click', () => {
      if (reader.hasAttribute('aria-pressed')) { speechSynthesis.cancel(); end(); return; }
      reader.setAttribute('aria-pressed', 'true');
      label.textContent = reader.dataset.stop;
      const queue = blocks();
      queue.forEach((text, n) => {
        const said = new SpeechSynthesisUtterance(text);
        said.lang = document.documentElement.lang === 'vi' ? 'vi-VN' : 'en-GB';
        if (n === queue.length - 1) said.onend = end;
        speechSynthesis.speak(said);
      });
      if (!queue.length) end();
    });
    window.addEventListener('pagehide', () => speechSynthesis.cancel());
  }

  // A form that comes back with faults begins at the list of them.
  const faults = one('#faults');
  if (faults) faults.focus();

  // What is typed into a draft is kept: <form data-save> (or data-save="URL") sends itself with save=1, as its own button
  // "save" does, and says so in <output data-saved> (ui/parts/saved.html).
  all('form[data-save]').forEach((form) => {
    const told = one('[data-saved]', form);
    let timer = 0, sending = false, again = false;
    const tell = (key, extra = '') => { if (told) told.textContent = (told.dataset[key] || '') + extra; };
    const save = async () => {
      if (sending) { again = true; return; }
      sending = true; tell('saving');
      const data = new FormData(form);
      data.set('save', '1');
      for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
      try {
        const answer = await fetch(form.dataset.save || location.href, { method: 'POST', body: data, headers: { 'X-Requested-With': 'fetch' }, keepalive: true });
        if (answer.ok && !answer.url.includes('/sign-in/')) {
          const now = new Date();
          tell('kept', ' ' + String(now.getHours()).padStart(2, '0') + ':' + String(now.getMinutes()).padStart(2, '0'));
        } else tell('failed');
      } catch { tell('failed'); }
      sending = false;
      if (again) { again = false; save(); }
    };
    form.addEventListener('input', (event) => {
      if (event.target.type === 'file') return;
      clearTimeout(timer); timer = setTimeout(save, 1200);
    });
    document.addEventListener('visibilitychange', () => { if (document.hidden && timer) { clearTimeout(timer); timer = 0; save(); } });
    form.addEventListener('submit', () => clearTimeout(timer));
  });

  // Sending files shows how far it is: <form data-upload> with <progress hidden> and, where it fits, a file box that sends by itself.
  all('form[data-upload]').forEach((form) => {
    const bar = one('progress', form);
    const send = (pressed) => {
      const request = new XMLHttpRequest();
      request.open('POST', form.action || location.href);
      if (bar) {
        bar.hidden = false; bar.max = 100; bar.value = 0;
        request.upload.onprogress = (e) => { if (e.lengthComputable) bar.value = Math.round(e.loaded / e.total * 100); };
      }
      request.onload = () => {
        // What came back is shown as it is: asked for a second time, it would have lost its "sent".
        if (request.responseURL) history.replaceState(null, '', request.responseURL);
        document.open(); document.write(request.responseText); document.close();
      };
      request.onerror = () => { if (bar) bar.hidden = true; form.submit(); };
      request.send(new FormData(form, pressed));
    };
    form.addEventListener('submit', (event) => { event.preventDefault(); send(event.submitter); });
    all('input[type=file][data-auto]', form).forEach((box) => box.addEventListener('change', () => { if (box.files.length) form.requestSubmit(); }));
  });

  // Files may be dropped: <div data-drop> around a file box.
  all('[data-drop]').forEach((zone) => {
    const box = one('input[type=file]', zone);
    ['dragenter', 'dragover'].forEach((kind) => zone.addEventListener(kind, (e) => { e.preventDefault(); zone.classList.add('over'); }));
    ['dragleave', 'drop'].forEach((kind) => zone.addEventListener(kind, (e) => { e.preventDefault(); zone.classList.remove('over'); }));
    zone.addEventListener('drop', (e) => {
      if (!e.dataTransfer.files.length) return;
      box.files = e.dataTransfer.files;
      box.dispatchEvent(new Event('change', { bubbles: true }));
    });
  });

  // A long list can be searched, without accents too.
  all('select[data-searchable]').forEach((list) => {
    const options = all('option', list);
    if (options.length < 13 || !list.closest('.field')) return;
    const box = document.createElement('input');
    box.type = 'search'; box.className = 'input'; box.autocomplete = 'off';
    box.placeholder = list.dataset.hint;
    box.setAttribute('aria-label', list.dataset.hint);
    list.before(box);
    box.addEventListener('input', () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      let left = [];
      options.forEach((option) => {
        const fits = !option.value || words.every((w) => plain(option.textContent).includes(w));
        option.hidden = option.disabled = !fits;
        if (fits && option.value) left.push(option);
      });
      if (left.length === 1) { list.value = left[0].value; list.dispatchEvent(new Event('input', { bubbles: true })); }
    });
  });

  // Twice pressed is once sent.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => delete form.dataset.sent));
})();
