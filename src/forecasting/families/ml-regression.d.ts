/** The part of ml-regression that is used here; the package has no types. */
declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    constructor(x: number[][], y: number[][], options: { intercept: boolean; statistics: boolean })
    /** One row for each column of x, one column for each column of y. */
    readonly weights: number[][]
  }
}
