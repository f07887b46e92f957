/** Why what is in production, trained on the sales in one folder, is no champion for another. */
export function noChampionText(championOf: string, data: string): string {
  return `The model in production forecasts the sales in ${championOf}, not those in ${data}: the challenger is judged against seasonal naive.`
}
