/** What the page of an app holds: its root, whether a server has rendered the app into it, and the app's properties. */
export function page() {
  const root = document.getElementById('app');
  const properties = JSON.parse(document.getElementById('properties').textContent);
  return { root, rendered: root.hasChildNodes(), properties };
}
