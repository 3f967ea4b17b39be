/** Whether a `Content-Type` is that media type in UTF-8, which it is as well where it names no encoding. */
export function isUtf8Type(contentType: string | undefined, mediaType: string): boolean {
  const [type, ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  return (
    type === mediaType && parameters.every((parameter) => !parameter.startsWith('charset') || /^charset\s*=\s*"?utf-8"?$/.test(parameter))
  );
}
