const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const isTyping = element => element && (/^(input|textarea|select)$/i.test(element.tagName) || element.isContentEditable);

// Live regions fetch themselves again when the hub says that something changed.
// Whatever a person has opened or is typing into stays as it is.
let opened = [];
let focusedKey = null;
document.addEventListener('htmx:beforeRequest', event => {
  const region = event.target;
  if (!region.matches?.('[data-live]')) return;
  if (document.hidden || $('dialog[open]') || (region.contains(document.activeElement) && isTyping(document.activeElement)) || !getSelection().isCollapsed) event.preventDefault();
});
document.addEventListener('htmx:beforeSwap', () => {
  opened = $$('details[id][open]').map(detail => detail.id);
  focusedKey = document.activeElement?.closest?.('[data-key]')?.dataset.key ?? null;
});
document.addEventListener('htmx:afterSettle', () => {
  foldOnPhone();
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  if (focusedKey) $(`[data-key="${CSS.escape(focusedKey)}"]`)?.focus({ preventScroll: true });
  drawCharts();
  sayAges();
});
// A long story starts folded where the screen is small, unless the address points into it.
function foldOnPhone() {
  if (!matchMedia('(max-width: 48rem)').matches) return;
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  for (const part of $$('details[data-fold]')) part.open = part.contains(target);
}
document.addEventListener('htmx:sseOpen', () => setLive(true));
document.addEventListener('htmx:sseError', () => setLive(false));
function setLive(on) {
  const dot = $('#livedot');
  if (!dot) return;
  dot.dataset.on = on;
  dot.firstElementChild.textContent = on ? 'Live' : 'Reconnecting…';
}

// "3 min ago" keeps counting without asking the hub.
function span(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}
function sayAges() {
  for (const time of $$('time[data-ago]')) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (Math.abs(seconds) < 5184000) time.textContent = seconds < 0 ? `in ${span(-seconds)}` : seconds < 2 ? 'just now' : `${span(seconds)} ago`;
  }
}
setInterval(sayAges, 10000);

// Charts: the drawing stays, its numbers come with every refresh.
const charts = new Map();
function drawCharts() {
  if (!window.echarts) return;
  for (const data of $$('script[data-chart]')) {
    const host = document.getElementById(data.dataset.chart);
    if (!host) continue;
    let chart = charts.get(host.id);
    if (!chart || chart.getDom() !== host) {
      chart?.dispose();
      chart = echarts.init(host, null, { renderer: 'canvas' });
      charts.set(host.id, chart);
    }
    chart.setOption(throughput(JSON.parse(data.textContent)), { notMerge: true });
  }
}
function throughput(data) {
  const style = getComputedStyle(document.documentElement);
  const quiet = style.getPropertyValue('--qm-quiet').trim();
  const line = style.getPropertyValue('--qm-line').trim();
  const colours = ['--qm-accent', '--qm-green', '--qm-purple'].map(name => style.getPropertyValue(name).trim());
  return {
    animation: false, color: colours, textStyle: { fontFamily: 'Inter, system-ui, sans-serif' },
    grid: { left: 44, right: 12, top: 30, bottom: 24 },
    legend: { top: 0, right: 8, icon: 'roundRect', itemWidth: 10, itemHeight: 3, textStyle: { color: quiet, fontSize: 11 } },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    // No label finer than the minute it says.
    xAxis: { type: 'time', min: data.from, max: data.to, minInterval: 60000, axisLine: { lineStyle: { color: line } }, axisLabel: { color: quiet, fontSize: 11, hideOverlap: true, formatter: at => clock(at, data.zone) }, splitLine: { show: false } },
    yAxis: { type: 'value', min: 0, minInterval: data.whole ? 1 : 0, axisLabel: { color: quiet, fontSize: 11 }, splitLine: { lineStyle: { color: line } } },
    series: data.series.map(one => ({ type: 'line', name: one.name, data: one.points, showSymbol: false, smooth: .25, lineStyle: { width: 2 }, areaStyle: { opacity: .08 } })),
  };
}
const clock = (at, zone) => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(at);
addEventListener('resize', () => charts.forEach(chart => chart.resize()));

// Dialogs, copying, menu, theme, forms that submit themselves.
document.addEventListener('click', event => {
  const target = event.target.closest('[data-dialog],[data-close],[data-copy],[data-theme-toggle],[data-menu],[data-palette],tr[data-href]');
  if (!target) { if (!event.target.closest('.side')) $('.side')?.classList.remove('open'); return; }
  if (target.dataset.dialog) openDialog(target.dataset.dialog, target.dataset);
  else if ('close' in target.dataset) target.closest('dialog').close();
  else if ('copy' in target.dataset) copy(target);
  else if ('themeToggle' in target.dataset) toggleTheme();
  else if ('menu' in target.dataset) $('.side').classList.toggle('open');
  else if ('palette' in target.dataset) openPalette();
  else if (target.dataset.href && !event.target.closest('a,button,form,input,label,summary') && getSelection().isCollapsed) location.href = target.dataset.href;
});
function openDialog(id, values) {
  const dialog = document.getElementById(id);
  for (const field of $$('[data-from]', dialog)) {
    const value = values[field.dataset.from];
    // What somebody has begun to write stays.
    if (value !== undefined && !('keep' in field.dataset && field.value)) 'value' in field ? field.value = value : field.textContent = value;
  }
  dialog.showModal();
}
async function copy(button) {
  const text = button.closest('.copyable').querySelector('pre, code, input');
  await navigator.clipboard.writeText(text.value ?? text.textContent);
  const label = button.getAttribute('aria-label');
  button.setAttribute('aria-label', 'Copied');
  button.classList.add('t-green');
  setTimeout(() => { button.setAttribute('aria-label', label); button.classList.remove('t-green'); }, 1500);
}
function toggleTheme() {
  const next = document.documentElement.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark';
  localStorage.setItem('qm-theme', next);
  document.documentElement.setAttribute('data-bs-theme', next);
  drawCharts();
}
document.addEventListener('change', event => { if (event.target.matches('[data-submit]')) event.target.form.requestSubmit(); });
document.addEventListener('submit', event => {
  // An empty filter has no place in the address.
  if (event.target.matches('form.filters')) for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  const button = event.submitter;
  if (event.target.method === 'post' && button) setTimeout(() => { button.disabled = true; });
});
addEventListener('pageshow', () => { for (const field of $$('form [disabled]:not([data-off])')) field.disabled = false; });

// Command palette.
const palette = $('#palette');
let selected = 0;
let asked = 0;
function openPalette() {
  if (!palette) return;
  palette.showModal();
  $('input', palette).value = '';
  fill('');
}
async function fill(text) {
  const mine = ++asked;
  const here = $$('[data-command]').filter(item => !item.closest('dialog') || item.closest('#palette-items')).map(item => ({ label: item.dataset.command, hint: item.dataset.hint ?? '', go: () => item.click() }));
  const wanted = text.trim().toLowerCase();
  const matches = here.filter(item => item.label.toLowerCase().includes(wanted));
  show(matches);
  if (wanted.length < 2) return;
  const answer = await fetch('/palette?q=' + encodeURIComponent(text.trim()), { headers: { accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const orders = await answer.json();
  show([...orders.map(order => ({ label: order.label, hint: order.hint, go: () => location.href = order.href })), ...matches,
    { label: `Search orders for “${text.trim()}”`, hint: 'Orders', go: () => location.href = '/orders?q=' + encodeURIComponent(text.trim()) }]);
}
let items = [];
function show(list) {
  items = list;
  selected = 0;
  const host = $('ul', palette);
  host.replaceChildren(...list.slice(0, 40).map((item, index) => {
    const row = document.createElement('li');
    row.setAttribute('role', 'option');
    row.id = `palette-${index}`;
    row.append(document.createTextNode(item.label), Object.assign(document.createElement('small'), { textContent: item.hint }));
    row.addEventListener('click', () => run(index));
    return row;
  }));
  mark();
}
function mark() {
  $$('li', palette).forEach((row, index) => row.setAttribute('aria-selected', index === selected));
  $('input', palette).setAttribute('aria-activedescendant', `palette-${selected}`);
  $$('li', palette)[selected]?.scrollIntoView({ block: 'nearest' });
}
function run(index) { const item = items[index]; palette.close(); item?.go(); }
palette?.addEventListener('input', event => fill(event.target.value));
palette?.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { selected = (selected + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % Math.max(items.length, 1); mark(); event.preventDefault(); }
  else if (event.key === 'Enter') { run(selected); event.preventDefault(); }
});

// Keys: Ctrl-K or / searches, j and k walk lists, Enter opens, ? says so.
document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); openPalette(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $('dialog[open]')) return;
  if (event.key === '/') { event.preventDefault(); ($('[data-search]') ?? { focus: openPalette }).focus(); }
  if (event.key === '?') $('#keys')?.showModal();
  if (event.key === 'j' || event.key === 'k') {
    const rows = $$('[data-key]');
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + (event.key === 'j' ? 1 : -1)))]?.focus();
  }
  if (event.key === 'Enter' && document.activeElement?.dataset?.href) location.href = document.activeElement.dataset.href;
});

document.addEventListener('DOMContentLoaded', () => { foldOnPhone(); drawCharts(); sayAges(); });
