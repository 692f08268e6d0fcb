"""The officer's longer work: verifying the whole log and packaging evidence, each as a job of an organisation."""
