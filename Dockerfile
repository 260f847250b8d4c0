FROM python:3.13-slim
RUN useradd --create-home --uid 10001 consult && mkdir -p /app /media /keys /witness /static \
    && chown consult /media /keys /witness /static
WORKDIR /app
COPY requirements ./requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.lock \
    && uv pip install --system --no-cache --require-hashes --no-deps -r requirements/base.lock
COPY . .
RUN uv pip install --system --no-cache --no-deps --no-build-isolation -e . \
    && python -m consult.project.catalogues compile \
    && STATIC_ROOT=/static SECRET_KEY=build DATABASE_URL=postgresql://build@localhost/build \
       FIELD_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
       REDIS_URL=redis://localhost consult manage collectstatic --no-input -v 0
ENV STATIC_ROOT=/static SCHEDULE_FILE=/tmp/schedule
USER consult
EXPOSE 8000
CMD ["consult", "serve"]
