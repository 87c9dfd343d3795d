# One image for the four services: which one runs is the command's last word.
# A build behind an index of its own hands in PIP_INDEX_URL, PIP_TRUSTED_HOST or the usual proxy arguments.
FROM python:3.11-slim

ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin certweave \
 && install -d -o certweave -g certweave -m 700 /data

WORKDIR /opt/certweave
COPY constraints.txt ./
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --quiet --require-hashes --no-deps --requirement constraints.txt
COPY . .
RUN /opt/venv/bin/python -m pip install --quiet --no-deps --no-build-isolation .

ENV PATH=/opt/venv/bin:$PATH CERTWEAVE_DATA=/data
USER certweave
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
ENTRYPOINT ["certweave"]
CMD ["serve", "all", "--host", "0.0.0.0"]
