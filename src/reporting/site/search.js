// Looks for products by name, number or category, where a browser runs scripts. Without, there are the lists.
const form = document.querySelector('form.search')
const field = document.querySelector('#q')
const found = document.querySelector('#found')
const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
const products = (globalThis.cd4mlProducts ?? []).map(([name, category, address]) => ({
  name,
  category,
  address,
  text: plain(`${name} ${category}`),
}))

function look() {
  const words = plain(field.value).split(/\s+/).filter(Boolean)
  found.replaceChildren()
  if (words.length === 0) return
  const fitting = products.filter(({ text }) => words.every((word) => text.includes(word)))
  const list = document.createElement('ul')
  for (const { name, category, address } of fitting.slice(0, 50)) {
    const link = document.createElement('a')
    link.href = `./${address}`
    link.textContent = name
    const small = document.createElement('small')
    small.textContent = ` ${category}`
    const item = document.createElement('li')
    item.append(link, small)
    list.append(item)
  }
  const count = document.createElement('p')
  count.textContent = `${form.dataset.found}: ${fitting.length}`
  found.append(count, list)
}

if (form && products.length > 0) {
  form.hidden = false
  form.addEventListener('submit', (event) => event.preventDefault())
  field.addEventListener('input', look)
  look()
}
