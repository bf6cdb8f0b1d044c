# Builds the runnable layout, then keeps only that.
FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -q dependency:go-offline -DincludeScope=runtime || true
COPY src src
RUN mvn -B -q -Dmaven.test.skip=true -Dvitrine.archive.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:17.0.15_6-jre-noble
RUN useradd --system --uid 10001 --home-dir /opt/vitrine vitrine \
    && mkdir -p /opt/vitrine/target /data \
    && chown vitrine:vitrine /data
WORKDIR /opt/vitrine
COPY --from=build /src/target/vitrine target/vitrine
COPY vitrine ./
COPY routes routes
COPY kamelets kamelets
COPY models models
COPY samples samples
# Here and not in the build: the archive fits only the JVM and the folder it was made for.
RUN ./vitrine make-class-archive
USER vitrine
ENV VITRINE_DATA_DIR=/data \
    VITRINE_HTTP_HOST=0.0.0.0 \
    VITRINE_RELOAD=off
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 CMD ["./vitrine", "status"]
ENTRYPOINT ["./vitrine"]
CMD ["start"]
