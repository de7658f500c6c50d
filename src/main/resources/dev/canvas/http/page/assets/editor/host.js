// Hosts in the letters of people's languages. The service stores and compares their ASCII form (xn--…); this module
// turns one into the other, and shows letters only where nobody can take the name for another.

const HOST = /^(https?:\/\/)([^/?#:@]+)((?::\d*)?(?:[/?#].*)?)$/is;
const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

// A label is shown in its letters if it is written in one of these; those from right to left would change the order of
// the whole address. ß, ς and ı are missing: they have a second ASCII form, or look like another letter.
const SCRIPTS = [
  /^[a-z\d\u00e0-\u00f6\u00f8-\u0130\u0132-\u0137\u0139-\u013f\u0141-\u0148\u014a-\u017e-]+$/u,
  /^[\p{sc=Cyrillic}\d-]+$/u,
  /^(?:(?!ς)[\p{sc=Greek}\d-])+$/u,
  /^[\p{sc=Devanagari}\d-]+$/u,
  /^[\p{sc=Thai}\d-]+$/u,
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー\d-]+$/u,
  /^[\p{sc=Han}\p{sc=Hangul}\d-]+$/u,
];

// Letters that look like Latin ones, digits or slashes: a label of nothing else could be taken for another.
const TWINS = /^[аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡαικνρυωηοτϳノンソゾニハへべぺロエタカー丶丿一二八工口\d-]+$/u;

/** An address with its host in the letters of its language, if that is unmistakable. */
export function readable(url) {
  const [, scheme, host, rest] = HOST.exec(url) ?? [];
  if (!/(?:^|\.)xn--/i.test(host ?? "")) {
    return url;
  }
  const stored = host.toLowerCase();
  const shown = stored.split(".").map(letters).join(".");
  return shown !== stored && asciiHost(scheme + shown) === scheme + stored ? scheme + shown + rest : url;
}

/** An address with its host in ASCII, as the service stores it; any other text as it is. */
export function asciiHost(url) {
  const [, scheme, host, rest] = HOST.exec(url) ?? [];
  if (!/[^\0-\x7f]/.test(host ?? "")) {
    return url;
  }
  try {
    return scheme + new URL(scheme + host).hostname + rest;
  } catch {
    return url;
  }
}

function letters(label) {
  const text = label.startsWith("xn--") ? decoded(label.slice(4)) : null;
  return text && SCRIPTS.some((script) => script.test(text)) && !TWINS.test(text) ? text : label;
}

/** Decodes Punycode (RFC 3492, section 6.2); null if it is not valid. */
function decoded(text) {
  const end = text.lastIndexOf("-");
  const points = [...text.slice(0, Math.max(0, end))].map((letter) => letter.codePointAt(0));
  let point = 128;
  let place = 0;
  let bias = 72;
  for (let at = end + 1; at < text.length; ) {
    const before = place;
    for (let weight = 1, k = 36; ; k += 36) {
      const digit = DIGITS.indexOf(text.charAt(at++) || " ");
      if (digit < 0) {
        return null;
      }
      place += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) {
        break;
      }
      weight *= 36 - threshold;
    }
    const length = points.length + 1;
    bias = adapted(place - before, length, before === 0);
    point += Math.floor(place / length);
    place %= length;
    if (point > 0x10ffff) {
      return null;
    }
    points.splice(place++, 0, point);
  }
  return String.fromCodePoint(...points);
}

function adapted(delta, length, first) {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / length);
  let bias = 0;
  for (; rest > 455; bias += 36) {
    rest = Math.floor(rest / 35);
  }
  return bias + Math.floor((36 * rest) / (rest + 38));
}
