/** Runs inside the page: every visible text with its size, place and contrast, and the button. */
export function inspect() {
  const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)

  const luminance = (color: string) =>
    parts(color)
      .slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0)

  const background = (element: Element | null): string => {
    if (!element) return "rgb(255, 255, 255)"
    const color = getComputedStyle(element).backgroundColor
    return parts(color)[3] === 0 ? background(element.parentElement) : color
  }

  const contrast = (element: Element) => {
    const [ink, paper] = [luminance(getComputedStyle(element).color), luminance(background(element))]
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
  }

  const texts = [...document.body.querySelectorAll("*")]
    .filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim()),
    )
    .filter((element) => element.checkVisibility())
    .map((element) => ({
      text: element.textContent,
      size: Number.parseFloat(getComputedStyle(element).fontSize),
      small: element.closest(".muted") !== null,
      contrast: contrast(element),
      left: element.getBoundingClientRect().left,
      right: element.getBoundingClientRect().right,
    }))

  const { width = 0, height = 0 } = document.querySelector(".action")?.getBoundingClientRect() ?? {}

  return {
    texts,
    action: { width, height },
    scrollWidth: document.documentElement.scrollWidth,
    pageLuminance: luminance(background(document.body)),
  }
}
