import { BarChart, LineChart } from "echarts/charts"
import { GridComponent, LegendComponent } from "echarts/components"
import { type EChartsCoreOption, init, use } from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import type { Locale } from "../../lib/locale.ts"
import type { Drawing } from "../documents/pdf/chart.ts"
import { HAIRLINE, INK, SOFT, type Theme } from "../documents/pdf/theme.ts"
import { cellFormat } from "./format.ts"
import type { Chart } from "./section.ts"

const WIDTH = 720
const HEIGHT = { bars: 200, lines: 230, funnel: 200 }

/** Marks of the lines: on a grey printer they tell them apart as well as their shades do. */
const MARKS = ["circle", "emptyTriangle"]

/** A chart as SVG, in the colours of a theme. */
export function chartSvg(chart: Chart, theme: Theme, locale: Locale): Drawing {
  use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer])
  const height = HEIGHT[chart.form]
  const drawing = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height })
  try {
    drawing.setOption({ ...common(chart), ...option(chart, theme, locale) })
    return { svg: drawing.renderToSVGString(), width: WIDTH, height, alternative: inWords(chart, locale) }
  } finally {
    drawing.dispose()
  }
}

const text = { fontFamily: "sans-serif", fontSize: 11, color: INK }

const common = ({ series }: Chart): EChartsCoreOption => ({
  animation: false,
  textStyle: text,
  legend: { show: series.length > 1, top: 0, right: 0, itemWidth: 22, textStyle: text },
  grid: { left: 8, right: 16, top: series.length > 1 ? 28 : 14, bottom: 8, outerBoundsMode: "same" },
})

function option(chart: Chart, theme: Theme, locale: Locale): EChartsCoreOption {
  const categories = {
    type: "category",
    data: chart.categories,
    axisLabel: {
      ...text,
      interval: 0,
      ...(chart.form === "bars" && { width: WIDTH / chart.categories.length - 16, overflow: "break" }),
    },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: SOFT } },
  }
  const values = {
    type: "value",
    minInterval: chart.kind === "money" ? 100 : 1,
    splitNumber: 4,
    axisLabel: { ...text, color: SOFT, formatter: shortly(chart, locale) },
    splitLine: { lineStyle: { color: HAIRLINE } },
  }
  const whole = cellFormat(locale)
  const label = {
    ...text,
    fontSize: 10,
    show: true,
    // No rule of the grid goes through it.
    backgroundColor: "#ffffff",
    padding: [1, 2],
    formatter: ({ value }: { value: number }) => whole(chart.kind, value),
  }
  switch (chart.form) {
    case "bars":
      return {
        xAxis: categories,
        yAxis: values,
        series: chart.series.map((each, index) => ({
          name: each.name,
          type: "bar",
          data: each.values,
          barMaxWidth: 56,
          itemStyle: { color: theme.series[index]! },
          label: { ...label, position: "top" },
        })),
      }
    case "lines":
      return {
        xAxis: { ...categories, boundaryGap: false },
        yAxis: values,
        series: chart.series.map((each, index) => ({
          name: each.name,
          type: "line",
          data: each.values,
          symbol: MARKS[index]!,
          symbolSize: 6,
          lineStyle: { color: theme.series[index]!, width: 2, type: index ? "dashed" : "solid" },
          itemStyle: { color: theme.series[index]! },
        })),
      }
    case "funnel":
      return {
        xAxis: { show: false, type: "value" },
        yAxis: { ...categories, inverse: true, axisLine: { show: false } },
        series: chart.series.map((each) => ({
          name: each.name,
          type: "bar",
          data: each.values.map((value, step) => ({
            value,
            // However light, its edge is seen on white.
            itemStyle: {
              color: theme.series[Math.min(step, theme.series.length - 1)]!,
              borderColor: theme.series[0]!,
              borderWidth: value > 0 ? 0.75 : 0,
            },
          })),
          barWidth: "62%",
          label: { ...label, position: "right" },
        })),
      }
  }
}

/** What stands along an axis: R$ 12 mil. */
function shortly({ kind }: Chart, locale: Locale) {
  const format = new Intl.NumberFormat(locale, {
    notation: "compact",
    ...(kind === "percent" && { style: "percent" }),
    ...(kind === "money" && { style: "currency", currency: "BRL", minimumFractionDigits: 0 }),
  })
  return (value: number) => format.format(kind === "integer" ? value : value / 100)
}

/** What a chart shows, for whoever hears it read. */
function inWords({ title, kind, categories, series }: Chart, locale: Locale) {
  const format = cellFormat(locale)
  const told = series.map(
    ({ name, values }) =>
      `${name}: ${values.map((value, index) => `${categories[index]} ${format(kind, value)}`).join(", ")}`,
  )
  return `${title}. ${told.join(". ")}.`
}
