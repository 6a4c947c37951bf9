// Asks for news while somebody looks, and puts the new page in at one stroke. An unchanged order is answered with 304 and costs nothing to draw.
const main = document.querySelector('main');
let tag = document.documentElement.dataset.tag;

async function look() {
    // Nobody's typing is thrown away.
    if (document.hidden || main.querySelector('details[open]') || main.contains(document.activeElement)) return;
    try {
        const answer = await fetch(location.pathname, { headers: { 'If-None-Match': tag }, cache: 'no-store' });
        if (answer.status !== 200) return;
        const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
        tag = answer.headers.get('ETag') ?? tag;
        main.replaceChildren(...next.querySelector('main').childNodes);
    } catch {
        // No network: the next look comes by itself.
    }
}

setInterval(look, 20_000);
document.addEventListener('visibilitychange', look);
