# The two base images are given by whoever builds, so that a mirror can serve them: .NET's official sdk:10.0 and aspnet:10.0.
ARG SDK_IMAGE
ARG RUNTIME_IMAGE

# Build: the SDK, and Node for the dashboard's pinned packages.
FROM ${SDK_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish src/Quartermaster -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o /app

# Run: without a PostgreSQL of its own; give it one in QM_DATABASE, as compose.yaml does.
FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
ENV QM_DATA=/data QM_LISTEN=http://0.0.0.0:8080
VOLUME /data
EXPOSE 8080
# The image has bash but no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
# SIGTERM drains: what has begun is finished, nothing new is taken up.
STOPSIGNAL SIGTERM
ENTRYPOINT ["./quartermaster"]
CMD ["serve"]
