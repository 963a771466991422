// The parts a text message is sent in, as arm/text_message.py counts them.
const ONE = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const TWO = new Set("\f^{}\\[~]|€");

export function parts(text) {
  const letters = [...text], plain = letters.every((letter) => ONE.has(letter) || TWO.has(letter));
  const widths = letters.map((letter) => plain ? 1 + TWO.has(letter) : letter.length);
  const [alone, room] = plain ? [160, 153] : [70, 67];
  if (widths.reduce((sum, width) => sum + width, 0) <= alone) return text ? 1 : 0;
  let count = 1, left = room;
  for (const width of widths) {
    if (width > left) { count += 1; left = room; }
    left -= width;
  }
  return count;
}
