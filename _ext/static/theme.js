"use strict";
// The theme says only at the end whether a page is light or dark, and then styles all of it once more.
{
  const { dataset } = document.documentElement;
  if (dataset.theme === "auto") dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
