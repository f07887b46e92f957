import { type Day, dayFromCivil } from '../src/day.ts'
import type { Season } from './events.ts'

/** What the chain sells one of, and how its customers and its suppliers behave. */
export type Product = {
  id: number
  name: string
  category: string
  /** BRL, on the first day of the simulation. */
  price: number
  /** Share of the usual price that is not cost. */
  margin: number
  /** Units that customers want in a plain week: no season, no event, no promotion. */
  weeklyDemand: number
  /** Days from delivery to expiry; undefined where the product does not expire. */
  shelfLife?: number
  /** Demand is proportional to (price / usual price) to the power of minus this. */
  elasticity: number
  /** Demand on Monday … Sunday, in any unit. */
  weekdays: readonly number[]
  season: Season
  /** Units that the supplier sells together. */
  pack: number
  /** The buyer orders this many times what sold in the last weeks. */
  safety: number
  /** Days from order to delivery. */
  leadDays: number
  /** Weekdays on which the buyer orders, 0 = Monday. */
  orderWeekdays: readonly number[]
  /** First day on offer; undefined where the chain always had it. */
  launch?: Day
  /** First day on which nobody asks for it any more. */
  delisting?: Day
}

type Own = 'id' | 'name' | 'price' | 'weeklyDemand' | 'shelfLife' | 'launch' | 'delisting'
type Shared = Omit<Product, Own>
type Assortment = Shared & { products: (Pick<Product, Own> & Partial<Shared>)[] }

const SHOPPING_WEEK = [0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 0.85]
const DAILY_BREAD = [0.95, 0.95, 0.95, 0.95, 1.05, 1.2, 0.95]
const WEEKEND = [0.6, 0.6, 0.7, 0.9, 1.6, 1.9, 0.7]
const ERRANDS = [1.05, 1.0, 1.0, 1.0, 1.05, 1.3, 0.6]

const MONDAY = [0]
const TUESDAY = [1]
const MONDAY_AND_THURSDAY = [0, 3]
const MONDAY_WEDNESDAY_FRIDAY = [0, 2, 4]

const ASSORTMENTS: Assortment[] = [
  {
    category: 'Grãos',
    margin: 0.22,
    elasticity: 1.8,
    weekdays: SHOPPING_WEEK,
    season: { payday: 0.35 },
    pack: 6,
    safety: 1.2,
    leadDays: 3,
    orderWeekdays: MONDAY,
    products: [
      { id: 1001, name: 'Arroz branco 5kg', price: 28.9, weeklyDemand: 33, shelfLife: 365 },
      { id: 1002, name: 'Arroz integral', price: 8.49, weeklyDemand: 9, shelfLife: 300 },
      { id: 1003, name: 'Feijão carioca', price: 8.99, weeklyDemand: 28, shelfLife: 270 },
      { id: 1004, name: 'Feijão preto', price: 9.49, weeklyDemand: 14, shelfLife: 270 },
      {
        id: 1005,
        name: 'Lentilha',
        price: 11.9,
        weeklyDemand: 2.5,
        shelfLife: 240,
        season: { newYear: 1.8, christmas: 0.4 },
      },
      {
        id: 1006,
        name: 'Milho de pipoca',
        price: 5.49,
        weeklyDemand: 8,
        shelfLife: 270,
        season: { juneFestivals: 1, childrensDay: 0.4 },
      },
      {
        id: 1007,
        name: 'Canjica branca',
        price: 6.29,
        weeklyDemand: 3,
        shelfLife: 240,
        season: { juneFestivals: 1.4, easter: 0.4 },
      },
      { id: 1008, name: 'Farinha mandioca', price: 8.9, weeklyDemand: 8, shelfLife: 240 },
    ],
  },
  {
    category: 'Massas',
    margin: 0.28,
    elasticity: 2,
    weekdays: SHOPPING_WEEK,
    season: { payday: 0.3, summer: -0.2 },
    pack: 10,
    safety: 1.2,
    leadDays: 3,
    orderWeekdays: TUESDAY,
    products: [
      { id: 1010, name: 'Espaguete 500g', price: 4.79, weeklyDemand: 20, shelfLife: 365 },
      { id: 1011, name: 'Penne 500g', price: 5.29, weeklyDemand: 11, shelfLife: 365 },
      { id: 1012, name: 'Molho de tomate', price: 3.49, weeklyDemand: 24, shelfLife: 270 },
      { id: 1013, name: 'Massa de lasanha', price: 9.89, weeklyDemand: 4, shelfLife: 120, pack: 6 },
    ],
  },
  {
    category: 'Laticínios',
    margin: 0.24,
    elasticity: 1.4,
    weekdays: SHOPPING_WEEK,
    season: { payday: 0.2 },
    pack: 6,
    safety: 1.5,
    leadDays: 1,
    orderWeekdays: MONDAY_AND_THURSDAY,
    products: [
      { id: 1015, name: 'Leite fresco', price: 5.49, weeklyDemand: 58, shelfLife: 6 },
      { id: 1016, name: 'Leite desnatado', price: 5.19, weeklyDemand: 18, shelfLife: 90, pack: 12 },
      { id: 1017, name: 'Manteiga 200g', price: 12.9, weeklyDemand: 14, shelfLife: 40 },
      { id: 1018, name: 'Queijo minas', price: 24.9, weeklyDemand: 11, shelfLife: 9 },
      { id: 1019, name: 'Requeijão cremoso', price: 8.99, weeklyDemand: 13, shelfLife: 14 },
      {
        id: 1020,
        name: 'Creme de leite',
        price: 3.99,
        weeklyDemand: 16,
        shelfLife: 150,
        season: { christmas: 0.7, easter: 0.4, mothersDay: 0.4 },
        pack: 12,
      },
    ],
  },
  {
    category: 'Iogurtes',
    margin: 0.32,
    elasticity: 1.8,
    weekdays: SHOPPING_WEEK,
    season: { summer: 0.25, payday: 0.2 },
    pack: 6,
    safety: 1.5,
    leadDays: 1,
    orderWeekdays: MONDAY_AND_THURSDAY,
    products: [
      { id: 1021, name: 'Iogurte natural', price: 3.99, weeklyDemand: 16, shelfLife: 10 },
      { id: 1022, name: 'Iogurte morango', price: 4.29, weeklyDemand: 24, shelfLife: 10 },
      { id: 1023, name: 'Iogurte grego', price: 5.49, weeklyDemand: 14, shelfLife: 9 },
      { id: 1024, name: 'Iogurte de ameixa', price: 4.59, weeklyDemand: 6, shelfLife: 9 },
      {
        id: 1025,
        name: 'Kefir tradicional',
        price: 14.9,
        weeklyDemand: 5,
        shelfLife: 9,
        pack: 4,
        launch: dayFromCivil(2024, 9, 2)!,
      },
      { id: 1026, name: 'Bebida láctea', price: 6.99, weeklyDemand: 12, shelfLife: 12 },
    ],
  },
  {
    category: 'Padaria',
    margin: 0.38,
    elasticity: 1.3,
    weekdays: DAILY_BREAD,
    season: { summer: -0.15, payday: 0.1 },
    pack: 4,
    safety: 1.6,
    leadDays: 1,
    orderWeekdays: MONDAY_WEDNESDAY_FRIDAY,
    products: [
      { id: 1028, name: 'Pão de forma', price: 8.49, weeklyDemand: 30, shelfLife: 5 },
      { id: 1029, name: 'Pão integral', price: 9.99, weeklyDemand: 15, shelfLife: 5 },
      {
        id: 1030,
        name: 'Bolo de fubá',
        price: 13.9,
        weeklyDemand: 8,
        shelfLife: 5,
        season: { juneFestivals: 0.9, summer: -0.15 },
        pack: 2,
      },
      { id: 1031, name: 'Pão de queijo', price: 16.9, weeklyDemand: 12, shelfLife: 5 },
      { id: 1032, name: 'Torrada integral', price: 5.89, weeklyDemand: 7, shelfLife: 120 },
      {
        id: 1033,
        name: 'Panetone de frutas',
        price: 19.9,
        weeklyDemand: 0.7,
        shelfLife: 150,
        season: { christmas: 3.6 },
        weekdays: SHOPPING_WEEK,
      },
      {
        id: 1034,
        name: 'Chocotone',
        price: 22.9,
        weeklyDemand: 0.7,
        shelfLife: 150,
        season: { christmas: 3.4 },
        weekdays: SHOPPING_WEEK,
      },
    ],
  },
  {
    category: 'Biscoitos',
    margin: 0.34,
    elasticity: 2.2,
    weekdays: SHOPPING_WEEK,
    season: { payday: 0.2, backToSchool: 0.2 },
    pack: 8,
    safety: 1.2,
    leadDays: 3,
    orderWeekdays: TUESDAY,
    products: [
      { id: 1037, name: 'Cream cracker', price: 4.69, weeklyDemand: 18, shelfLife: 180 },
      { id: 1038, name: 'Biscoito maisena', price: 4.59, weeklyDemand: 15, shelfLife: 180 },
      {
        id: 1039,
        name: 'Biscoito recheado',
        price: 2.99,
        weeklyDemand: 28,
        shelfLife: 150,
        season: { backToSchool: 0.5, childrensDay: 0.5, payday: 0.2 },
      },
      { id: 1040, name: 'Rosquinha de coco', price: 5.99, weeklyDemand: 6, shelfLife: 120 },
      {
        id: 1041,
        name: 'Cookie de aveia',
        price: 7.49,
        weeklyDemand: 9,
        shelfLife: 150,
        launch: dayFromCivil(2025, 3, 10)!,
      },
      {
        id: 1042,
        name: 'Biscoito champanhe',
        price: 6.49,
        weeklyDemand: 12,
        shelfLife: 180,
        season: { christmas: 1.3, easter: 0.5, mothersDay: 0.6 },
      },
      {
        id: 1043,
        name: 'Wafer de limão',
        price: 3.79,
        weeklyDemand: 7,
        shelfLife: 150,
        delisting: dayFromCivil(2025, 8, 18)!,
      },
    ],
  },
  {
    category: 'Chocolates',
    margin: 0.36,
    elasticity: 2.2,
    weekdays: SHOPPING_WEEK,
    season: { easter: 0.9, christmas: 0.5, summer: -0.2, mothersDay: 0.3 },
    pack: 8,
    safety: 1.2,
    leadDays: 4,
    orderWeekdays: TUESDAY,
    products: [
      { id: 1045, name: 'Chocolate ao leite', price: 6.99, weeklyDemand: 20, shelfLife: 240 },
      { id: 1046, name: 'Chocolate amargo', price: 9.49, weeklyDemand: 9, shelfLife: 240 },
      {
        id: 1047,
        name: 'Bombons sortidos',
        price: 13.9,
        weeklyDemand: 10,
        shelfLife: 210,
        season: { easter: 1.2, christmas: 0.9, mothersDay: 1 },
      },
      {
        id: 1048,
        name: 'Ovo de Páscoa',
        price: 44.9,
        weeklyDemand: 0.4,
        shelfLife: 180,
        season: { easter: 4 },
        pack: 3,
      },
      {
        id: 1049,
        name: 'Bombom de licor',
        price: 27.9,
        weeklyDemand: 0.8,
        shelfLife: 210,
        pack: 3,
      },
    ],
  },
  {
    category: 'Bebidas',
    margin: 0.27,
    elasticity: 2.2,
    weekdays: SHOPPING_WEEK,
    season: { summer: 0.35, carnaval: 0.4, christmas: 0.3, newYear: 0.5 },
    pack: 6,
    safety: 1.2,
    leadDays: 2,
    orderWeekdays: MONDAY,
    products: [
      {
        id: 1051,
        name: 'Café torrado 500g',
        price: 17.9,
        weeklyDemand: 34,
        shelfLife: 180,
        season: { payday: 0.4, summer: -0.25 },
      },
      { id: 1052, name: 'Suco de uva', price: 12.9, weeklyDemand: 10, shelfLife: 270 },
      {
        id: 1053,
        name: 'Refrigerante 2L',
        price: 8.99,
        weeklyDemand: 30,
        shelfLife: 150,
        weekdays: WEEKEND,
      },
      {
        id: 1054,
        name: 'Água de coco',
        price: 9.49,
        weeklyDemand: 14,
        shelfLife: 180,
        season: { summer: 0.45, carnaval: 0.5 },
      },
      {
        id: 1055,
        name: 'Cerveja lata',
        price: 3.99,
        weeklyDemand: 56,
        shelfLife: 180,
        season: { summer: 0.3, carnaval: 0.9, christmas: 0.3, newYear: 0.8, payday: 0.2 },
        weekdays: WEEKEND,
        pack: 12,
      },
      {
        id: 1056,
        name: 'Espumante brut',
        price: 39.9,
        weeklyDemand: 1.5,
        season: { newYear: 2.4, christmas: 1.4, mothersDay: 0.4 },
      },
      {
        id: 1057,
        name: 'Mate gelado',
        price: 7.99,
        weeklyDemand: 11,
        shelfLife: 150,
        season: { summer: 0.4, carnaval: 0.4 },
        launch: dayFromCivil(2025, 10, 6)!,
      },
    ],
  },
  {
    category: 'Limpeza',
    margin: 0.3,
    elasticity: 1.8,
    weekdays: SHOPPING_WEEK,
    season: { payday: 0.45 },
    pack: 8,
    safety: 1.2,
    leadDays: 4,
    orderWeekdays: TUESDAY,
    products: [
      { id: 1061, name: 'Detergente neutro', price: 2.59, weeklyDemand: 29 },
      { id: 1062, name: 'Sabão em pó', price: 15.9, weeklyDemand: 15 },
      { id: 1063, name: 'Amaciante 2L', price: 13.9, weeklyDemand: 9 },
      { id: 1064, name: 'Esponja dupla', price: 4.29, weeklyDemand: 13 },
      { id: 1065, name: 'Lustra-móveis', price: 9.9, weeklyDemand: 0.9, pack: 3 },
    ],
  },
  {
    category: 'Higiene',
    margin: 0.33,
    elasticity: 1.9,
    weekdays: SHOPPING_WEEK,
    season: { payday: 0.4, blackFriday: 0.3 },
    pack: 6,
    safety: 1.2,
    leadDays: 4,
    orderWeekdays: TUESDAY,
    products: [
      { id: 1067, name: 'Papel higiênico', price: 18.9, weeklyDemand: 22 },
      { id: 1068, name: 'Sabonete', price: 2.79, weeklyDemand: 26 },
      { id: 1069, name: 'Xampu', price: 14.9, weeklyDemand: 8 },
      {
        id: 1070,
        name: 'Protetor solar',
        price: 42.9,
        weeklyDemand: 3,
        shelfLife: 540,
        season: { summer: 0.9, carnaval: 0.6, blackFriday: 0.4 },
        pack: 3,
      },
      { id: 1071, name: 'Creme dental', price: 4.99, weeklyDemand: 18 },
      {
        id: 1072,
        name: 'Xampu em barra',
        price: 24.9,
        weeklyDemand: 3,
        pack: 4,
        launch: dayFromCivil(2026, 4, 13)!,
      },
    ],
  },
  {
    category: 'Livros',
    margin: 0.42,
    elasticity: 2,
    weekdays: ERRANDS,
    season: { backToSchool: 0.5, christmas: 0.8, blackFriday: 0.9 },
    pack: 2,
    safety: 1.4,
    leadDays: 6,
    orderWeekdays: MONDAY,
    products: [
      {
        id: 1074,
        name: 'Livro de receitas',
        price: 39.9,
        weeklyDemand: 1.6,
        season: { mothersDay: 1.2, christmas: 1 },
      },
      { id: 1075, name: 'Romance de bolso', price: 29.9, weeklyDemand: 0.8 },
      {
        id: 1076,
        name: 'Livro infantil',
        price: 24.9,
        weeklyDemand: 4,
        season: { childrensDay: 1.3, christmas: 0.8, backToSchool: 0.9, blackFriday: 0.5 },
        pack: 4,
      },
      {
        id: 1077,
        name: 'Dicionário escolar',
        price: 34.9,
        weeklyDemand: 0.7,
        season: { backToSchool: 2.4 },
      },
      {
        id: 1078,
        name: 'Atlas escolar',
        price: 49.9,
        weeklyDemand: 0.4,
        season: { backToSchool: 2.3 },
      },
      {
        id: 1079,
        name: 'Livro de colorir',
        price: 19.9,
        weeklyDemand: 3,
        delisting: dayFromCivil(2026, 3, 23)!,
      },
    ],
  },
  {
    category: 'Papelaria',
    margin: 0.4,
    elasticity: 1.7,
    weekdays: ERRANDS,
    season: { backToSchool: 1.7, christmas: -0.3 },
    pack: 5,
    safety: 1.25,
    leadDays: 5,
    orderWeekdays: MONDAY,
    products: [
      { id: 1081, name: 'Caderno espiral', price: 14.9, weeklyDemand: 7 },
      { id: 1082, name: 'Caderno brochura', price: 8.9, weeklyDemand: 5 },
      { id: 1083, name: 'Lápis de cor', price: 16.9, weeklyDemand: 4, pack: 4 },
      { id: 1084, name: 'Caneta azul', price: 2.49, weeklyDemand: 12, pack: 10 },
      { id: 1085, name: 'Mochila escolar', price: 89.9, weeklyDemand: 0.6, pack: 2 },
      {
        id: 1086,
        name: 'Agenda anual',
        price: 32.9,
        weeklyDemand: 0.5,
        season: { christmas: 1.3, newYear: 1.9, backToSchool: 1.2 },
        pack: 2,
      },
    ],
  },
]

/** The whole assortment of the chain, in the order of the product ids. */
export const CATALOGUE: readonly Product[] = ASSORTMENTS.flatMap(({ products, ...shared }) =>
  products.map((own) => ({ ...shared, ...own })),
)
