# docker build -t auditor .
# docker run --rm --network none --read-only -v "$PWD/export:/data/export:ro" auditor audit export
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY constraints.txt pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY auditor ./auditor
COPY rules ./rules
RUN python -m venv /opt/auditor \
    && /opt/auditor/bin/pip install --no-cache-dir --no-compile --constraint constraints.txt ".[collect,history]" "psycopg[binary]" \
    && /opt/auditor/bin/pip uninstall --yes pip

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="recording-consent-auditor" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH="/opt/auditor/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/auditor /opt/auditor
WORKDIR /data
USER 10001:10001
ENTRYPOINT ["auditor"]
CMD ["--help"]
