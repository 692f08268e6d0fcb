"""Every switch that keeps a dependency quiet."""

from inference import sealed


def test_no_setting_of_the_surroundings_reopens_a_switch():
    child = sealed.environment(
        {"HF_HUB_OFFLINE": "0", "PATH": "/bin"}, {"LANGSMITH_TRACING": "true", "A": "b"}
    )

    assert child["HF_HUB_OFFLINE"] == "1"
    assert child["LANGSMITH_TRACING"] == "false"
    assert (child["PATH"], child["A"]) == ("/bin", "b")


def test_the_switches_of_every_dependency_that_reports_are_off():
    expected = {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "LANGCHAIN_TRACING_V2": "false",
        "OTEL_SDK_DISABLED": "true",
    }

    assert expected.items() <= sealed.ENVIRONMENT.items()
