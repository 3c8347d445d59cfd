/* Comfort in forms, on the citizen's pages and at the desk. Everything works without it. */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const plain = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase();

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
        if (answer.ok) {
          const now = new Date();
          tell('kept', ' ' + String(now.getHours()).padStart(2, '0') + ':' + String(now.getMinutes()).padStart(2, '0'));
        } else tell(answer.status === 401 ? 'ended' : 'failed');
      } catch { tell('failed'); }
      sending = false;
      if (again) { again = false; save(); }
    };
    form.addEventListener('input', (event) => {
      if (event.target.type === 'file') return;
      clearTimeout(timer); timer = setTimeout(save, 1200);
    });
    document.addEventListener('visibilitychange', () => { if (document.hidden && timer) { clearTimeout(timer); timer = 0; save(); } });
    form.addEventListener('submit', () => { clearTimeout(timer); timer = 0; }); // else leaving the page would send it once more, behind the answer
  });

  // A press shows that something happens, and is one press: the button turns until the next page is there.
  const busy = (form, button) => {
    const pressed = button || one('button.btn:not([name])', form) || one('button.btn', form);
    form.dataset.sent = '1';
    if (pressed) pressed.setAttribute('aria-busy', 'true');
  };
  const idle = (form) => {
    delete form.dataset.sent;
    all('[aria-busy]', form).forEach((b) => b.removeAttribute('aria-busy'));
  };

  // A box for files in our words: what was chosen is told under it. <div data-drop data-choose="Choose a file">
  const told = (box, list) => {
    list.textContent = '';
    Array.from(box.files).forEach((file) => {
      const line = document.createElement('span');
      line.textContent = file.name + ' · ' + (file.size > 999999 ? (file.size / 1e6).toFixed(1).replace('.', document.documentElement.lang === 'vi' ? ',' : '.') + ' MB' : Math.ceil(file.size / 1e3) + ' kB');
      list.append(line);
    });
  };
  all('[data-drop]').forEach((zone) => {
    const box = one('input[type=file]', zone);
    if (!box) return;
    if (zone.dataset.choose) {
      const face = document.createElement('span'), list = document.createElement('output');
      face.className = 'btn second'; face.textContent = zone.dataset.choose; face.setAttribute('aria-hidden', 'true');
      list.className = 'picked';
      zone.append(face, list); zone.classList.add('made');
      box.addEventListener('change', () => told(box, list));
    }
    ['dragenter', 'dragover'].forEach((kind) => zone.addEventListener(kind, (e) => { e.preventDefault(); zone.classList.add('over'); }));
    ['dragleave', 'drop'].forEach((kind) => zone.addEventListener(kind, (e) => { e.preventDefault(); zone.classList.remove('over'); }));
    zone.addEventListener('drop', (e) => {
      if (!e.dataTransfer.files.length) return;
      box.files = e.dataTransfer.files;
      box.dispatchEvent(new Event('change', { bubbles: true }));
    });
  });

  // Sending files shows how far it is: <form data-upload data-sending="Sending…">. With data-at-once="add" a chosen file is sent
  // at once by the button of that name, which is then not needed on the page.
  all('form[data-upload]').forEach((form) => {
    const send = (pressed, face) => {
      const request = new XMLHttpRequest(), data = new FormData(form, pressed);
      const bar = document.createElement('progress'), words = document.createElement('p'), shown = document.createElement('div');
      shown.className = 'sending'; shown.setAttribute('role', 'status'); words.textContent = form.dataset.sending || '';
      bar.max = 100; bar.value = 0; bar.setAttribute('aria-label', words.textContent);
      shown.append(words, bar);
      busy(form, face || pressed);
      if (all('input[type=file]', form).some((box) => box.files.length)) document.body.append(shown);
      request.open('POST', form.action || location.href);
      request.upload.onprogress = (e) => { if (e.lengthComputable) bar.value = Math.round(e.loaded / e.total * 100); };
      request.onload = () => {
        // What came back is shown as it is: asked for a second time, it would have lost its "sent".
        if (request.responseURL) history.replaceState(null, '', request.responseURL);
        document.open(); document.write(request.responseText); document.close();
      };
      request.onerror = () => { shown.remove(); idle(form); form.submit(); };
      request.send(data);
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!form.dataset.sent) send(event.submitter);
    });
    const adder = form.dataset.atOnce && one('[name="' + form.dataset.atOnce + '"]', form);
    if (!adder) return;
    adder.hidden = true;
    form.addEventListener('change', (event) => {
      if (event.target.type === 'file' && event.target.files.length && !form.dataset.sent) send(adder, one('[data-drop] .btn', event.target.closest('.field')) || adder);
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

  // Twice pressed is once sent. A button that can't be used yet leads to the reason instead.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    busy(form, event.submitter);
    setTimeout(() => idle(form), 20000);
  });
  window.addEventListener('pageshow', () => all('form[data-sent]').forEach(idle));

  // <button data-locate="id-of-latitude id-of-longitude">: the phone's own position, when its owner allows it.
  if (navigator.geolocation) all('[data-locate]').forEach((button) => {
    const [latitude, longitude] = button.dataset.locate.split(' ').map((id) => document.getElementById(id));
    const told = one('[data-located]', button.parentElement);
    const written = (number) => number.toFixed(5).replace('.', document.documentElement.lang === 'vi' ? ',' : '.');
    button.hidden = false;
    button.addEventListener('click', () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => { latitude.value = written(coords.latitude); longitude.value = written(coords.longitude); told.textContent = '✓'; },
      () => { told.textContent = button.dataset.failed; },
      { enableHighAccuracy: true, timeout: 10000 },
    ));
  });
})();
