/** What people read before they decide: a line of plain text, and Markdown. */
export type RequestText = { title: string; body: string }
