/** How long a browser may take to begin a download; its address is kept until then. */
const KEPT_MS = 60_000;

/** Gives a file to the person under a name. */
export function saveAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  // Outside the document some browsers begin the download without the name.
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  // A browser reads the address after the click: taken away at once, the name is lost, or the file.
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
