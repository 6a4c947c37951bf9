// Runs before the first paint, so that a dark room is not lit up for a moment.
(() => {
  const chosen = localStorage.getItem('qm-theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.setAttribute('data-bs-theme', (localStorage.getItem('qm-theme') ?? (dark.matches ? 'dark' : 'light')));
  if (chosen !== 'dark' && chosen !== 'light') localStorage.removeItem('qm-theme');
  dark.addEventListener('change', apply);
  apply();
})();
