/* Comfort on the citizen's pages. Everything works without it. */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);

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
})();
