// Draws the beginning of Markdown files as GitHub shows them: node draw.js FILE.md … writes FILE.png
// beside each. Needs Chromium or Chrome: the variable CHROME names it.
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { marked } from 'marked'
import markedAlert from 'marked-alert'
import { chromium } from 'playwright-core'
import UPNG from 'upng-js'

const WIDTH = 1012
const HEIGHT = 1600
const COLOURS = 64
marked.use(markedAlert())
const { resolve } = createRequire(import.meta.url)
const browser = await chromium.launch({
  executablePath: process.env.CHROME ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
})
const page = await browser.newPage({
  viewport: { width: WIDTH, height: HEIGHT },
  deviceScaleFactor: 1.5,
})
for (const file of process.argv.slice(2)) {
  await draw(await readFile(file, 'utf8'), file.replace(/\.md$/, '.png'))
  console.log(file.replace(/\.md$/, '.png'))
}
await browser.close()

async function draw(markdown, picture) {
  await page.setContent(
    `<!doctype html><body class="markdown-body">${await marked.parse(markdown)}</body>`,
  )
  await page.addStyleTag({ path: resolve('github-markdown-css/github-markdown-light.css') })
  await page.addStyleTag({
    content:
      'body { padding: 24px; } .markdown-body .mermaid { background: none; text-align: center; }',
  })
  await page.addScriptTag({ path: resolve('mermaid/dist/mermaid.min.js') })
  await page.evaluate(async () => {
    for (const code of document.querySelectorAll('code.language-mermaid')) {
      code.parentElement.className = 'mermaid'
      code.parentElement.textContent = code.textContent
    }
    window.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })
    await window.mermaid.run()
  })
  const { height } = await page.locator('body').boundingBox()
  const full = UPNG.decode(
    await page.screenshot({
      fullPage: true,
      clip: { x: 0, y: 0, width: WIDTH, height: Math.min(height, HEIGHT) },
    }),
  )
  const small = UPNG.encode(UPNG.toRGBA8(full), full.width, full.height, COLOURS)
  await writeFile(picture, Buffer.from(small))
}
