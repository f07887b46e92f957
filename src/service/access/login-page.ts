/** The page that lets somebody in: with a button where a link has brought the code. */
export function loginPage({
  code,
  to,
  formToken,
  problem,
}: {
  code?: string
  to: string
  formToken: string
  problem?: 'code' | 'late'
}): string {
  const value = (text: string) =>
    `"${text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)}"`
  return `<!doctype html><html lang="en"><title>Log in</title>
<form method="post" action="/login">
<input type="hidden" name="formToken" value=${value(formToken)}>
<input type="hidden" name="to" value=${value(to)}>
<input type="hidden" name="code" value=${value(code ?? '')}>
<p>${problem ?? ''}</p>
<button>Log in</button>
</form>`
}
