/** Text without the passwords of URLs and of `password=` pairs. */
export function mask(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@]+(@)/gi, "$1***$2")
    .replace(/(\bpass(?:word|wd)?["']?\s*[=:]\s*["']?)[^\s"',;]+/gi, "$1***");
}
