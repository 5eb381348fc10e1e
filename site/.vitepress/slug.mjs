/** The anchor of a heading, as GitHub makes it: pages link to headings by it. */
export const slugify = (title) =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
