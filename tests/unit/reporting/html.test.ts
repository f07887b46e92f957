import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { attributes, Html, html } from '../../../src/reporting/html.ts'
import { bigList, naughty } from './examples.ts'

const hostile = fc.oneof(
  fc.constantFrom(...naughty.map(({ text }) => text), ...bigList),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('"', "'", '<', '>', '&', '`', '=', ' ', '/', 'a', '--', '\0', '\n'))
    .map((parts) => parts.join('')),
)

/** What no page can hold comes back as the sign for that. */
function shown(text: string): string {
  return text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD')
}

describe('whatever a product is called', () => {
  it('it is text on the page: no element, no attribute comes of it', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, title) => {
        const page = html`<p title="${title}" class="a">${name}</p>`.toString()
        const { document } = parseHTML(`<html><body>${page}</body></html>`)
        const [p, ...others] = document.body.querySelectorAll('*')
        expect(others).toEqual([])
        expect(p.getAttributeNames()).toEqual(['title', 'class'])
        expect(p.textContent).toBe(shown(name))
        expect(p.getAttribute('title')).toBe(shown(title))
      }),
    )
  })

  it('it stays within the value of an attribute that is there or not', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = html`<input${attributes({ value: text, checked: true, disabled: false })}>`
        const { document } = parseHTML(`<html><body>${page}</body></html>`)
        const [input, ...others] = document.body.querySelectorAll('*')
        expect(others).toEqual([])
        expect(input.getAttributeNames()).toEqual(['value', 'checked'])
        expect(input.getAttribute('value')).toBe(shown(text))
      }),
    )
  })

  it('no link leads to another server or runs anything', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        let page: Html
        try {
          page = html`<a href="${text}">x</a>`
        } catch {
          return
        }
        const { document } = parseHTML(`<html><body>${page}</body></html>`)
        const href = document.querySelector('a').getAttribute('href')
        expect(new URL(href, 'http://shop.example/here').origin).toBe('http://shop.example')
      }),
    )
    for (const href of [
      'javascript:alert(1)',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'https://evil.example',
      'data:text/html,x',
      '',
    ]) {
      expect(() => html`<a href="${href}">x</a>`, href).toThrow(TypeError)
    }
  })
})

it('a page that is a file leads to the pages and the script beside it', () => {
  const page = html`<a href="${'../en/index.html'}">x</a><script src="${'./search.js'}" defer></script>`
  expect(page.toString()).toBe(
    '<a href="../en/index.html">x</a><script src="./search.js" defer></script>',
  )
  expect(() => html`<script src="${'https://evil.example/a.js'}" defer></script>`).toThrow(
    TypeError,
  )
})

describe('a fragment', () => {
  it('is safe within another, as are lists of them, and what is absent is nothing', () => {
    const items = ['a', '<b>'].map((name) => html`<li>${name}</li>`)
    expect(html`<ul>${items}${false}${undefined}${3}</ul>`.toString()).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li>3</ul>',
    )
  })

  it('is made by nothing else', () => {
    expect(() => new Html(Symbol('made by html') as never, '<b>')).toThrow(TypeError)
    const pretends = { toString: () => '<b>' } as unknown as string
    expect(() => html`${pretends}`).toThrow(TypeError)
  })
})

describe('a template that could let something through does not work with harmless text either', () => {
  const x = 'harmless'
  it.each([
    ['an attribute without quotes', () => html`<p class=${x}>`],
    ['one in single quotes', () => html`<p class='${x}'>`],
    ['the name of an attribute', () => html`<p ${x}>`],
    ['the name of a tag', () => html`<${x}>`],
    ['a script', () => html`<script>${x}</script>`],
    [
      'a script of our own that says something',
      () => html`<script src="${'./a.js'}">${x}</script>`,
    ],
    ['a style', () => html`<style>${x}</style>`],
    ['a comment', () => html`<!-- ${x} -->`],
    ['an event', () => html`<p onclick="${x}">`],
    ['an inline style', () => html`<p style="${x}">`],
    ['a part of an address', () => html`<a href="/a/${x}">`],
    ['a tag that is left open', () => html`<p class="a`],
    ['a fragment in an attribute', () => html`<p class="${html`${x}`}">`],
    ['an event among attributes', () => attributes({ onclick: x })],
    ['an address among attributes', () => attributes({ href: x })],
  ])('%s', (_, make) => expect(make).toThrow(TypeError))
})
