// What a reader wrote stays in this browser, by page and cell, until it is reset.

const key = (page) => `momentum-cells:${page}`;

export function kept(page) {
  try {
    return JSON.parse(localStorage.getItem(key(page))) ?? {};
  } catch {
    return {}; // a browser may forbid storage
  }
}

// Another tab may have written in the meantime: only this cell changes.
export function keep(page, cell, source) {
  const all = { ...kept(page), [cell]: source };
  if (source === null) delete all[cell];
  try {
    if (Object.keys(all).length) localStorage.setItem(key(page), JSON.stringify(all));
    else localStorage.removeItem(key(page));
  } catch {
    // then it holds as long as the page
  }
}
