"""Letters as people send them, drawn for the tests: PDF, PNG and JPEG, in English and German."""

import io
import random

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from armature.crm.channels.letter.sheets import USUAL_FONT

ENGLISH = """Ingrid Berg
12 Harbour Street
Bristol BS1 4RN

Dear shop,

My parcel arrived broken last Tuesday.
I want my money back for the blue kettle.

Kind regards
Ingrid Berg"""
GERMAN = """Jörg Müller
Hauptstraße 5
10115 Berlin

Sehr geehrte Damen und Herren,

meine Bestellung ist beschädigt angekommen.
Ich möchte mein Geld zurück.

Mit freundlichen Grüßen
Jörg Müller"""


def pdf(*pages: str) -> bytes:
    """A PDF of printed pages."""
    pdfmetrics.registerFont(ttfonts.TTFont("paper", USUAL_FONT))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for text in pages:
        canvas.setFont("paper", 12)
        y = 760
        for line in text.splitlines():
            canvas.drawString(70, y, line)
            y -= 20
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def picture(text: str, kind: str = "PNG", size: tuple[int, int] = (1240, 1000), font: int = 30) -> bytes:
    """A scan or a photograph of one page."""
    paper = Image.new("L", size, 255)
    ImageDraw.Draw(paper).multiline_text((90, 60), text, 20, ImageFont.truetype(USUAL_FONT, font), spacing=14)
    made = io.BytesIO()
    paper.save(made, kind)
    return made.getvalue()


def smudged(text: str) -> bytes:
    """A picture on which one line can hardly be made out."""
    chance = random.Random(1)
    paper = Image.open(io.BytesIO(picture(text)))
    draw = ImageDraw.Draw(paper)
    for _ in range(500):
        x, y = chance.randint(90, 800), chance.randint(290, 340)
        draw.ellipse((x, y, x + 5, y + 5), fill=chance.choice((0, 255)))
    made = io.BytesIO()
    paper.save(made, "PNG")
    return made.getvalue()
