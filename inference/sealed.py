"""Every switch that keeps a dependency from reporting to anyone or fetching anything, in one place."""

from collections.abc import Mapping
from types import MappingProxyType

ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        # said by many programs, honoured by most
        "DO_NOT_TRACK": "1",
        "DISABLE_TELEMETRY": "1",
        "SCARF_NO_ANALYTICS": "1",
        # traces and metrics leave only through Valv's own endpoints
        "OTEL_SDK_DISABLED": "true",
        "OTEL_TRACES_EXPORTER": "none",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        # weights are files here, never downloads
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        # vLLM and what may run under it
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_DO_NOT_TRACK": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        # LangChain would send whole prompts to LangSmith
        "LANGSMITH_TRACING": "false",
        "LANGSMITH_TRACING_V2": "false",
        "LANGCHAIN_TRACING_V2": "false",
        "LANGCHAIN_TRACING": "false",
        # Chroma
        "ANONYMIZED_TELEMETRY": "False",
    }
)


def environment(base: Mapping[str, str], *more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child process: `base` and `more`, with every switch above set over both."""
    merged = dict(base)
    for addition in (*more, ENVIRONMENT):
        merged.update(addition)
    return merged
