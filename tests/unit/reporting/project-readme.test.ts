import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectReadme } from '../../../src/reporting/project-readme.ts'

test('the front page that init writes leads nowhere but to pages that are there', () => {
  const project = { name: 'previsao', frequency: 'week', horizon: 1 } as const
  const page = projectReadme(project, 'en')
  expect(page).toMatch(/^# previsao\n[\s\S]*Demand forecasts, 1 week ahead/)
  expect(projectReadme(project, 'pt-BR')).toMatch(/Previsões de demanda, 1 semana à frente/)
  const links = Array.from(page.matchAll(/\]\(([^)]+)\)/g), ([, path]) => path)
  expect(links.length).toBeGreaterThan(4)
  expect(links.filter((path) => !existsSync(join(import.meta.dirname, '../../..', path)))).toEqual(
    [],
  )
})
