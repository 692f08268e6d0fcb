import json
from typing import Any

import pytest

from inference import dialect
from inference.chat import ChatRequest, Message, NamedTool, Tool, ToolCall, ToolMode
from inference.completions import CompletionRequest
from inference.embeddings import EmbeddingRequest, Encoding
from inference.models import Engine
from inference.reranking import RerankRequest
from inference.salt import TenantSalts
from tests.inference.fakes import BOLLNAS, QUESTION, REGION


def chat(request: ChatRequest, engine: Engine = Engine.VLLM) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(dialect.write_chat("m", request, engine, "salt"))
    return written


def test_what_was_left_open_is_not_written() -> None:
    assert chat(QUESTION) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hej"}],
        "cache_salt": "salt",
    }


def test_a_stream_differs_by_asking_for_one_with_its_usage() -> None:
    streamed = json.loads(dialect.write_chat_stream("m", QUESTION, Engine.VLLM, "salt"))

    assert streamed == {**chat(QUESTION), "stream": True, "stream_options": {"include_usage": True}}


def test_llamacpp_reuses_no_prompt_at_all_since_it_knows_no_salt() -> None:
    written = chat(QUESTION, Engine.LLAMACPP)

    assert written["cache_prompt"] is False
    assert "cache_salt" not in written


def test_every_way_to_ask_vllm_carries_the_salt() -> None:
    bodies = [
        dialect.write_chat("m", QUESTION, Engine.VLLM, "salt"),
        dialect.write_chat_stream("m", QUESTION, Engine.VLLM, "salt"),
        dialect.write_completion("m", CompletionRequest(prompts=("a",)), Engine.VLLM, "salt"),
        dialect.write_completion_stream("m", CompletionRequest(prompts=("a",)), Engine.VLLM, "salt"),
        dialect.write_embedding("m", EmbeddingRequest(inputs=("a",)), Engine.VLLM, "salt"),
        dialect.write_rerank("m", RerankRequest(query="a", documents=("b",)), Engine.VLLM, "salt"),
    ]

    assert [json.loads(body)["cache_salt"] for body in bodies] == ["salt"] * 6


def test_a_salt_belongs_to_one_tenant_of_one_installation() -> None:
    here, there = TenantSalts(b"here"), TenantSalts(b"there")

    assert here(BOLLNAS) == here(BOLLNAS)
    assert len({here(BOLLNAS), here(REGION), there(BOLLNAS)}) == 3
    assert "bollnas" not in here(BOLLNAS)


def test_every_choice_is_written_under_openais_name() -> None:
    request = ChatRequest(
        messages=QUESTION.messages,
        max_tokens=5,
        temperature=0.0,
        top_p=0.5,
        stop=("\n",),
        seed=7,
        n=2,
        presence_penalty=0.1,
        frequency_penalty=0.2,
        logprobs=0,
        response_format={"type": "json_object"},
        template={"enable_thinking": False},
    )

    written = chat(request)
    del written["model"], written["messages"], written["cache_salt"]

    assert written == {
        "max_tokens": 5,
        "temperature": 0.0,
        "top_p": 0.5,
        "stop": ["\n"],
        "seed": 7,
        "n": 2,
        "presence_penalty": 0.1,
        "frequency_penalty": 0.2,
        "logprobs": True,
        "top_logprobs": 0,
        "response_format": {"type": "json_object"},
        "chat_template_kwargs": {"enable_thinking": False},
    }


def test_tools_and_their_answers_are_written_as_openai_writes_them() -> None:
    request = ChatRequest(
        messages=(
            Message("assistant", None, tool_calls=(ToolCall("1", "vader", '{"ort":"Bollnäs"}'),)),
            Message("tool", "sol", tool_call_id="1"),
        ),
        tools=(Tool("vader", "Vädret", {"type": "object"}),),
        tool_choice=NamedTool("vader"),
    )

    written = chat(request)

    call = {"id": "1", "type": "function", "function": {"name": "vader", "arguments": '{"ort":"Bollnäs"}'}}
    assert written["messages"] == [
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "content": "sol", "tool_call_id": "1"},
    ]
    function = {"name": "vader", "description": "Vädret", "parameters": {"type": "object"}}
    assert written["tools"] == [{"type": "function", "function": function}]
    assert written["tool_choice"] == {"type": "function", "function": {"name": "vader"}}


def test_a_tool_mode_is_written_by_its_name() -> None:
    request = ChatRequest(messages=QUESTION.messages, tool_choice=ToolMode.REQUIRED)

    assert chat(request)["tool_choice"] == "required"


@pytest.mark.parametrize(
    ("prompts", "written"),
    [(("a",), "a"), (("a", "b"), ["a", "b"]), (((1, 2),), [1, 2]), (((1,), (2,)), [[1], [2]])],
)
def test_one_prompt_is_written_alone_and_several_as_a_list(prompts: tuple[Any, ...], written: object) -> None:
    body = dialect.write_completion("m", CompletionRequest(prompts=prompts), Engine.VLLM, "salt")

    assert json.loads(body)["prompt"] == written


def test_vectors_are_asked_for_in_the_encoding_that_is_wanted() -> None:
    request = EmbeddingRequest(inputs=("a",), encoding=Encoding.BASE64, dimensions=64)

    written = json.loads(dialect.write_embedding("m", request, Engine.LLAMACPP, "salt"))

    assert (written["encoding_format"], written["dimensions"]) == ("base64", 64)


def test_each_engine_is_asked_for_tokens_in_its_own_words() -> None:
    assert json.loads(dialect.write_text_to_tokenize("m", "a", Engine.VLLM))["prompt"] == "a"
    assert json.loads(dialect.write_text_to_tokenize("m", "a", Engine.LLAMACPP))["content"] == "a"
