import en from "./en.js";
import fr from "./fr.js";

const STORED = "vitrine-language";
const ALL = { en, fr };
let language = localStorage.getItem(STORED);
if (!(language in ALL)) language = navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";

export const current = () => language;
export const other = () => (language === "en" ? "fr" : "en");

export function choose(chosen) {
  language = chosen;
  localStorage.setItem(STORED, chosen);
}

/** A string in the user's language, with {names} filled in. */
export function t(name, values = {}) {
  return ALL[language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

export function time(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime())
    ? "–"
    : new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(date);
}

/** Seconds, or minutes where there are many. */
export function duration(seconds) {
  const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
}
