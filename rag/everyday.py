"""What people say and what documents call it: everyday Swedish words, and the official word that both are found by.

Each line has a word of the documents and, after the colon, the words that are compared as it: what means the same in a
municipality or a region, and forms of the official word itself that a stemmer keeps apart. They are whole forms, for a
stem may also be another word's (*jobbig*, *bestämmelse*); what often means something else in such documents is left out
(*slänga*, *räkning*, *mobil*). *Hemma* is here all the same: it is how people ask about working from a distance.
"""

from functools import cache
from typing import Final

_SAID: Final = """
    arbeta: jobb jobba jobbar jobbade jobbat
    arbetsplatsen: arbetsplats jobbet
    avfall: avfallet sopor soporna skräp skräpet
    besluta: bestämma bestämmer bestämde bestäms
    bisyssla: bisysslan extrajobb extrajobbet extraknäck extraknäcket extraknäcka extraknäcker sidojobb sidouppdrag
    dataskyddsförordningen: gdpr
    datorn: dator datorer datorerna laptop laptopen laptoppen laptops pc
    distans: hemma hemifrån distansarbete distansarbetet hemarbete hemarbetet hemmajobb hemmakontor
    e-post: mejl mejlet mejlen mejla mejlar mejlade mail mailet mailen maila mailar epost eposten
    fungera: funka funkar funkade
    förlora: tappa tappar tappade tappat
    förskola: förskolan dagis dagiset
    försörjningsstöd: socialbidrag socialbidraget socbidrag
    gatubelysning: gatlampa gatlampan gatlampor lyktstolpe lyktstolpen lyktstolpar
    integritetsskyddsmyndigheten: imy
    internetuppkoppling: internet wifi
    kontrollera: kolla kollar kollade kollat dubbelkolla
    kärl: kärlet soptunna soptunnan soptunnor soptunnorna sopkärl sopkärlet sopkärlen
    lösenord: lösenordet password
    läkare: doktor doktorn doktorer doktorerna
    läkemedel: läkemedlet läkemedlen medicinen mediciner medicinerna
    medarbetare: anställd anställda kollega kollegan kollegor personalen
    mobiltelefon: mobilen mobilerna
    personnummer: personnumret pnr
    psykiatri: psykiatrin psyk
    sjuksköterska: sjuksköterskan syrra syrran
    snöröjning: snöskottning plogning ploga plogar plogas
    stulen: stulna stulet snodd snodda snott stulits norpad
    tandläkare: tandis
    tömning: sophämtning sophämtningen
    utland: utlandet utomlands
    utrustning: prylar prylarna grejer grejerna
    vårdcentral: hälsocentral hälsocentralen
    återvinningscentral: tippen åvc sopstation sopstationen soptipp soptippen
    äldreboende: äldreboendet ålderdomshem ålderdomshemmet
"""


@cache
def official() -> dict[str, str]:
    """The official word of each form that is compared as it."""
    lines = (line.split(":") for line in _SAID.split("\n") if line.strip())
    return {form: name.strip() for name, forms in lines for form in forms.split()}
