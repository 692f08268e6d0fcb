"""What people say and what documents call it: everyday Swedish words, and the official word that both are found by.

Each line has the word of the documents and, after the colon, what means the same in a municipality or a region. Words
that often mean something else there are left out (*räkning*, *akuten*); *hemma* is the exception, for it is how people
ask about working from a distance. Inflected forms stand here only where their stem is another.
"""

from functools import cache
from typing import Final

_SAID: Final = """
    arbete: jobb jobba knega
    arbetsplats: arbetsplatsen jobbet
    avfall: avfallet sopor soporna sopa skräp skräpet
    avgift: pris priset priserna
    besluta: bestämma bestämt
    bisyssla: extrajobb extraknäck sidojobb bijobb sidouppdrag
    dataskyddsförordning: gdpr
    dator: laptop laptopen pc
    distans: hemma hemifrån distansarbete hemarbete hemmajobb hemmakontor
    e-post: mejl mejlet mail mailet mejlen epost
    ersättning: betalt
    faktura: fakturan
    fungera: funka
    färdtjänst: färdtjänsten
    förlora: tappa
    förskola: dagis dagiset föris
    försörjningsstöd: socialbidrag socbidrag
    gallra: slänga slängt kasta
    gatubelysning: gatlampa gatlampor lyktstolpe lyktstolpar
    grundskola: grundskolan lågstadiet mellanstadiet högstadiet
    integritetsskyddsmyndigheten: imy
    internetuppkoppling: internet wifi
    kontrollera: kolla dubbelkolla
    kärl: kärlet soptunna soptunnan soptunnor sopkärl sopkärlet tunnan
    ledighet: ledigt
    lösenord: lösenordet password
    läkare: doktor doktorn
    läkemedel: läkemedlet medicin medicinen
    kylskåp: kylskåpet
    medarbetare: anställd personal kollega
    mobiltelefon: mobil mobilen smartphone
    personnummer: personnumret pnr
    psykiatri: psyk
    sjuksköterska: syrra syrran sjuksyster
    snöröjning: snöröjningen snöskottning plogning ploga
    stulen: snodd snott stulits sno norpad
    tandläkare: tandis
    tömning: sophämtning sophämtningen soptömning
    utrustning: prylar prylarna grejer grejerna
    utland: utomlands utlandet
    vårdcentral: vårdcentralen hälsocentral hälsocentralen vc
    återvinningscentral: återvinningscentralen tippen tipp sopstation soptipp soptippen åvc
    äldreboende: äldreboendet ålderdomshem ålderdomshemmet
"""


@cache
def official() -> dict[str, str]:
    """The stem of each everyday word, and the stem that it is compared as."""
    from Stemmer import Stemmer

    stem = Stemmer("swedish").stemWord
    lines = (line.split(":") for line in _SAID.split("\n") if line.strip())
    said = {stem(each): stem(name.strip()) for name, words in lines for each in words.split()}
    return {everyday: name for everyday, name in said.items() if everyday != name}
