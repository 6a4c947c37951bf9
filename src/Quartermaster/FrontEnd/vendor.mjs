// Copies what the pages use out of node_modules, and nothing else.
// node vendor.mjs NODE_MODULES ICON_LIST TARGET
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [modules, iconList, target] = process.argv.slice(2);

const files = {
  '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2': 'inter-latin.woff2',
  '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2': 'inter-latin-ext.woff2',
  '@tabler/core/dist/css/tabler.min.css': 'tabler.min.css',
  '@tabler/core/dist/js/tabler.min.js': 'tabler.min.js',
  'echarts/dist/echarts.min.js': 'echarts.min.js',
  'htmx.org/dist/htmx.min.js': 'htmx.min.js',
  'htmx-ext-sse/dist/sse.min.js': 'htmx-sse.min.js',
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [from, to] of Object.entries(files)) cpSync(join(modules, from), join(target, to));

// One sprite with the icons that are on the list: the whole set would be 5,000 drawings.
const symbols = readFileSync(iconList, 'utf8').split('\n').map(line => line.trim()).filter(Boolean).map(name => {
  const path = join(modules, '@tabler/icons/icons/outline', `${name}.svg`);
  if (!existsSync(path)) {
    console.error(`error : ${iconList}: Tabler has no outline icon "${name}"; the names are those of tabler.io/icons.`);
    process.exit(1);
  }
  const drawing = readFileSync(path, 'utf8').replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')
    .replace(/<path stroke="none"[^>]*\/>/, '').replace(/\s*\n\s*/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`;
});
writeFileSync(join(target, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>\n`);

// The licences travel with the copies. Written last: the build takes this file as the sign that all is in place.
const licences = ['@fontsource-variable/inter', '@tabler/core', '@tabler/icons', 'echarts', 'htmx-ext-sse', 'htmx.org'].map(name => {
  const about = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
  const text = readdirSync(join(modules, name)).find(file => /^licen[cs]e/i.test(file));
  return `${name} ${about.version} (${about.license})\n\n${text ? readFileSync(join(modules, name, text), 'utf8').trim() : ''}\n`;
});
writeFileSync(join(target, 'LICENSES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));
