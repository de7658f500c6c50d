// Addresses of files as people enter them: one or many, checked by the rules of the service before they are added.

const MAX_LENGTH = 2_048;
const VIDEO = /\.(?:mp4|m4v|webm|mov|ogv)$/i;

/** The addresses in a text with one in each line or cell. */
export function addressesIn(text) {
  return text
    .split(/[\r\n\t]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Says what is wrong with an address; empty if nothing is. The service has the last word when it is saved. */
export function faultOf(url, httpsOnly) {
  if (url.length > MAX_LENGTH) {
    return `An address has at most ${MAX_LENGTH} characters.`;
  }
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(url)) {
    return "An address has no spaces, backslashes or invisible characters.";
  }
  if (/^(?:file:|[a-z]:[/\\])/i.test(url)) {
    return "This is a file on your computer. Upload it to your site first, then add its address there.";
  }
  if (url.startsWith("/")) {
    return url.startsWith("//") ? "A path on this site begins with one slash." : "";
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1].toLowerCase();
  if (scheme !== "https" && (scheme !== "http" || httpsOnly)) {
    return `Begin the address with https://${httpsOnly ? "" : " or http://"}, or with / for a path on this site.`;
  }
  return faultOfHost(url);
}

function faultOfHost(url) {
  try {
    const { username, password, hostname } = new URL(url);
    if (username || password) {
      return "An address has no user name or password.";
    }
    return hostname && /^[a-z]+:\/\/[^/?#]/i.test(url) ? "" : "The address has no host name.";
  } catch {
    return "The host name or the port is not valid.";
  }
}

/** The type that the name of a file tells: a video, or else null. */
export function typeOf(url) {
  return VIDEO.test(url.replace(/[?#].*$/s, "")) ? "video" : null;
}
