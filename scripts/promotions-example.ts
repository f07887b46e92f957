import { type Day, dayFromCivil, isoFromDay } from '../src/base/day.ts'
import { type Random, seededRandom } from '../src/base/random.ts'

/**
 * The files of the example with a plan: twelve products by week, each on promotion every few weeks at
 * a discount that was decided on some weeks before. One promotion in ten is called off in time, and
 * the shop is closed on the first day of the year.
 */
export function promotionsExample(): { 'sales.csv': string; 'plan.csv': string } {
  const random = seededRandom(14)
  const sales = ['produto;categoria;semana;unidades;preco']
  const plan = ['produto;de;ate;decidido_em;desconto;promocao;fechado']
  for (let year = 2024; year <= 2026; year++) {
    const day = dayFromCivil(year, 1, 1) ?? 0
    plan.push(['', br(day), br(day), br(day - 90), '', '', 'sim'].join(';'))
  }
  for (const product of products(random)) {
    let next = 3 + Math.floor(8 * random())
    for (let week = 0; week < WEEKS; week++) {
      const monday = FIRST_MONDAY + 7 * week
      let discount = 0
      if (week === next) {
        next += 4 + Math.floor(8 * random())
        discount = promote(plan, product, monday, random)
      }
      const price = product.price * (1 - discount)
      const mean = product.level * (1 - discount) ** -product.elasticity * openShare(monday)
      const units = Math.max(0, Math.round(mean + 1.2 * Math.sqrt(mean) * normal(random)))
      const { name, category } = product
      if (week < WEEKS - AHEAD) {
        sales.push([name, category, br(monday), units, money(price)].join(';'))
      }
    }
  }
  return { 'sales.csv': `${sales.join('\n')}\n`, 'plan.csv': `${plan.join('\n')}\n` }
}

const FIRST_MONDAY = dayFromCivil(2023, 7, 3) ?? 0
/** Of which promotions are planned; of the last ones there are no sales yet. */
const WEEKS = 126
const AHEAD = 4

type Product = {
  name: string
  category: string
  price: number
  level: number
  elasticity: number
}

function products(random: Random): Product[] {
  const shelves = {
    Bebidas: ['Suco de uva 1 L', 'Água com gás', 'Guaraná 2 L', 'Chá gelado'],
    Biscoitos: ['Maria', 'Cream cracker', 'Recheado de chocolate', 'Rosquinha de coco'],
    Iogurtes: ['Natural', 'Morango', 'Grego', 'Para beber'],
  }
  return Object.entries(shelves).flatMap(([category, names]) =>
    names.map((name) => ({
      name,
      category,
      price: Math.round(100 * (3 + 9 * random())) / 100,
      level: 20 + 100 * random(),
      elasticity: 1.5 + 2 * random(),
    })),
  )
}

/** Plans a promotion, calls one in ten off, and gives the discount at which it is sold. */
function promote(plan: string[], { name }: Product, monday: Day, random: Random): number {
  const percent = [10, 20, 30, 40][Math.floor(4 * random())]
  const decided = monday - 7 * (3 + Math.floor(6 * random()))
  const days = [name, br(monday), br(monday + 6)]
  plan.push([...days, br(decided), `${percent}%`, 'encarte', ''].join(';'))
  if (random() >= 0.1) return percent / 100
  plan.push([...days, br(monday - 5), '0%', '', ''].join(';'))
  return 0
}

/** Of the week that begins on the day: the shop is closed on the first of January. */
function openShare(monday: Day): number {
  const days = Array.from({ length: 7 }, (_, day) => isoFromDay(monday + day))
  return days.some((day) => day.endsWith('-01-01')) ? 6 / 7 : 1
}

/** Box & Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function br(day: Day): string {
  return isoFromDay(day).split('-').reverse().join('/')
}

function money(amount: number): string {
  return amount.toFixed(2).replace('.', ',')
}
