"""What is written to each engine: OpenAI's shapes, and where vLLM and llama.cpp differ.

Isolation of tenants in the engine's prompt cache: vLLM takes a salt and finds a cached prefix only under the
same one. llama.cpp has no such thing, and a prefix of another tenant's prompt would shorten the time to the
first token; so there nothing of an earlier prompt is used at all (``cache_prompt: false``).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from inference.chat import ChatRequest, Message, NamedTool, Tool, ToolMode
from inference.completions import CompletionRequest, Prompt
from inference.embeddings import EmbeddingRequest
from inference.models import Engine
from inference.reranking import RerankRequest

_encoder = msgspec.json.Encoder()


class _Written(msgspec.Struct, omit_defaults=True):
    """What is left at its default is not written."""


class _Function(_Written):
    name: str
    description: str | None = None
    parameters: Mapping[str, Any] | None = None


class _Tool(msgspec.Struct):
    function: _Function
    type: str = "function"


class _CalledFunction(msgspec.Struct):
    name: str
    arguments: str


class _Call(msgspec.Struct):
    id: str
    function: _CalledFunction
    type: str = "function"


class _Message(_Written):
    role: str
    content: str | None = None
    name: str | None = None
    tool_calls: list[_Call] | None = None
    tool_call_id: str | None = None


class _StreamOptions(msgspec.Struct):
    include_usage: bool = True


class _Isolated(_Written):
    cache_salt: str | None = None
    cache_prompt: bool | None = None


class _Generation(_Isolated):
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int = 1
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    stream: bool = False
    stream_options: _StreamOptions | None = None


class _Chat(_Generation, kw_only=True):
    model: str
    messages: list[_Message]
    logprobs: bool = False
    top_logprobs: int | None = None
    response_format: Mapping[str, Any] | None = None
    tools: list[_Tool] | None = None
    tool_choice: str | _Tool | None = None
    chat_template_kwargs: Mapping[str, Any] | None = None


class _Completion(_Generation, kw_only=True):
    model: str
    prompt: Prompt | tuple[Prompt, ...]
    logprobs: int | None = None
    echo: bool = False
    suffix: str | None = None


class _Embedding(_Isolated, kw_only=True):
    model: str
    input: tuple[Prompt, ...]
    encoding_format: str
    dimensions: int | None = None


class _Rerank(_Isolated, kw_only=True):
    model: str
    query: str
    documents: tuple[str, ...]
    top_n: int | None = None


class _VllmText(msgspec.Struct):
    model: str
    prompt: str
    add_special_tokens: bool


class _LlamaText(msgspec.Struct):
    content: str
    add_special: bool


class _Conversation(msgspec.Struct):
    model: str
    messages: list[_Message]


def _message(message: Message) -> _Message:
    calls = [_Call(call.id, _CalledFunction(call.name, call.arguments)) for call in message.tool_calls]
    return _Message(message.role, message.content, message.name, calls or None, message.tool_call_id)


def _tool(tool: Tool) -> _Tool:
    return _Tool(_Function(tool.name, tool.description, tool.parameters))


def _tool_choice(choice: ToolMode | NamedTool | None) -> str | _Tool | None:
    if isinstance(choice, NamedTool):
        return _Tool(_Function(choice.name))
    return choice.value if choice else None


def _isolate(written: _Isolated, engine: Engine, salt: str) -> None:
    if engine is Engine.VLLM:
        written.cache_salt = salt
    else:
        written.cache_prompt = False


def _generation(written: _Generation, request: ChatRequest | CompletionRequest) -> None:
    written.max_tokens = request.max_tokens
    written.temperature = request.temperature
    written.top_p = request.top_p
    written.stop = request.stop
    written.seed = request.seed
    written.n = request.n
    written.presence_penalty = request.presence_penalty
    written.frequency_penalty = request.frequency_penalty


def _streamed(written: _Generation) -> None:
    written.stream = True
    written.stream_options = _StreamOptions()


def _chat(model: str, request: ChatRequest, engine: Engine, salt: str) -> _Chat:
    chat = _Chat(
        model=model,
        messages=[_message(message) for message in request.messages],
        logprobs=request.logprobs is not None,
        top_logprobs=request.logprobs,
        response_format=request.response_format,
        tools=[_tool(tool) for tool in request.tools] or None,
        tool_choice=_tool_choice(request.tool_choice),
        chat_template_kwargs=request.template,
    )
    _generation(chat, request)
    _isolate(chat, engine, salt)
    return chat


def _completion(model: str, request: CompletionRequest, engine: Engine, salt: str) -> _Completion:
    prompts = request.prompts
    completion = _Completion(
        model=model,
        prompt=prompts[0] if len(prompts) == 1 else prompts,
        logprobs=request.logprobs,
        echo=request.echo,
        suffix=request.suffix,
    )
    _generation(completion, request)
    _isolate(completion, engine, salt)
    return completion


def write_chat(model: str, request: ChatRequest, engine: Engine, salt: str) -> bytes:
    """The body of ``POST /v1/chat/completions``."""
    return _encoder.encode(_chat(model, request, engine, salt))


def write_chat_stream(model: str, request: ChatRequest, engine: Engine, salt: str) -> bytes:
    """The same for a stream, which always ends with the usage."""
    chat = _chat(model, request, engine, salt)
    _streamed(chat)
    return _encoder.encode(chat)


def write_completion(model: str, request: CompletionRequest, engine: Engine, salt: str) -> bytes:
    """The body of ``POST /v1/completions``."""
    return _encoder.encode(_completion(model, request, engine, salt))


def write_completion_stream(model: str, request: CompletionRequest, engine: Engine, salt: str) -> bytes:
    """The same for a stream, which always ends with the usage."""
    completion = _completion(model, request, engine, salt)
    _streamed(completion)
    return _encoder.encode(completion)


def write_embedding(model: str, request: EmbeddingRequest, engine: Engine, salt: str) -> bytes:
    """The body of ``POST /v1/embeddings``."""
    embedding = _Embedding(
        model=model, input=request.inputs, encoding_format=request.encoding, dimensions=request.dimensions
    )
    _isolate(embedding, engine, salt)
    return _encoder.encode(embedding)


def write_rerank(model: str, request: RerankRequest, engine: Engine, salt: str) -> bytes:
    """The body of ``POST /v1/rerank``."""
    rerank = _Rerank(model=model, query=request.query, documents=request.documents, top_n=request.top)
    _isolate(rerank, engine, salt)
    return _encoder.encode(rerank)


def write_text_to_tokenize(model: str, text: str, engine: Engine) -> bytes:
    """The body of ``POST /tokenize`` for a plain text, with the special tokens that a prompt gets."""
    if engine is Engine.VLLM:
        return _encoder.encode(_VllmText(model, text, add_special_tokens=True))
    return _encoder.encode(_LlamaText(text, add_special=True))


def write_conversation(model: str, messages: tuple[Message, ...]) -> bytes:
    """The body of vLLM's ``/tokenize`` and of llama.cpp's ``/apply-template`` for a conversation."""
    return _encoder.encode(_Conversation(model, [_message(message) for message in messages]))
