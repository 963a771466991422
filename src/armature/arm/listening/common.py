"""Words that stand in so many posts that alone they say nothing."""

from armature.arm.listening.letters import fold

_BY_LANGUAGE = {
    "en": "the a an and or of to in is it i you he she we they that "
          "this for on with at by be are was have has not but as so me my your",
    "de": "der die das und oder ist sind war ein eine einen ich du er sie "
          "es wir ihr nicht zu in im mit auf für von den dem auch so",
    "fr": "le la les un une des et ou est je tu il elle on nous "
          "vous ils ne pas de du au à en pour que qui dans sur ce avec",
    "es": "el la los las un una y o es en de del que no se por con para lo me mi su al como más pero yo",
    "it": "il lo la i gli le un una e o è di del della che non in per con si mi ma da sono ho come più",
    "pt": "o a os as um uma e ou é de do da em no na que não se por com para me mais eu seu",
    "nl": "de het een en of is in op van te dat die niet ik je we met voor zijn er aan maar",
    "sv": "och en ett det som att jag är på för inte med av den i du han hon vi till har",
    "da": "og en et det som at jeg er på for ikke med af den i du han hun vi til har",
    "nb": "og en et det som å jeg er på for ikke med av den i du han hun vi til har",
    "pl": "i w na z nie się to jest że do jak po co a o za ale",
    "tr": "ve bir bu da de için ile ne çok mi o ben sen",
    "ru": "и в не на я что с а то он как это по но к у",
    "ar": "في من على و لا أن ما هذا إلى عن",
    "el": "και το να η ο τα για με του της δεν θα είναι",
    "hi": "है के में की का को से और यह हैं",
    "zh": "的 了 是 我 不 在 有",
    "ja": "の は に を た が で",
}  # fmt: skip

COMMON = frozenset(fold(word) for words in _BY_LANGUAGE.values() for word in words.split())
"""All of them, whatever the language of a post: a query does not know it. Folded."""
