/** The part of ml-regression that is used here; the package has no types. */
declare module 'ml-regression' {
  export class TheilSenRegression {
    /** Throws where no two of the x differ. */
    constructor(x: number[], y: number[])
    readonly slope: number
  }
}
