"""The tokenizer of multilingual-e5-small (XLM-R's), rebuilt from its pieces."""

from sentencepiece import SentencePieceNormalizer
from sentencepiece.sentencepiece_model_pb2 import NormalizerSpec
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from inference.weights.e5 import Pieces

SPECIAL = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>"}
MASK = "<mask>"


def charsmap() -> bytes:
    """SentencePiece's ``nmt_nfkc`` rule, precompiled.

    It differs from the model's own table in one of 4,837 entries: U+200D, which the model reads as a space.
    """
    spec = NormalizerSpec()
    spec.ParseFromString(SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_normalizer_spec())
    return bytes(spec.precompiled_charsmap)


def tokenizer(pieces: Pieces) -> Tokenizer:
    """A fast tokenizer that cuts text exactly as the model was trained to see it."""
    made = Tokenizer(models.Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), unk_id=pieces.unk))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace("\u200d", " "),
            normalizers.Precompiled(charsmap()),
            normalizers.Strip(left=False, right=True),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.add_special_tokens(_special_tokens(pieces))
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", pieces.bos), ("</s>", pieces.eos)],
    )
    return made


def special_names(pieces: Pieces) -> dict[str, str]:
    """The special tokens under the names that Hugging Face files give them."""
    names = {f"{kind}_token": text for kind, text in SPECIAL.items()}
    names |= {"cls_token": SPECIAL["bos"], "sep_token": SPECIAL["eos"]}
    return names | ({"mask_token": MASK} if _has_mask(pieces) else {})


def _special_tokens(pieces: Pieces) -> list[AddedToken]:
    tokens = [AddedToken(text, special=True, normalized=False) for text in SPECIAL.values()]
    if _has_mask(pieces):
        tokens.append(AddedToken(MASK, lstrip=True, special=True, normalized=False))
    return tokens


def _has_mask(pieces: Pieces) -> bool:
    return pieces.texts[-1] == MASK
