package dev.vitrine.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * What somebody wants imported, as it is kept on disk until it is done.
 *
 * @param id of the import
 * @param name the catalogue's name; tells it from others
 * @param url where it is fetched from; null where its file came with the request
 * @param format what it is; null to find out
 * @param map which columns of a table are which field
 * @param imageBase the URL that relative pictures begin with; null for none
 * @param collection where it goes; null for the main one
 * @param createdAt RFC 3339
 */
record ImportRequest(
        @JsonProperty("id") String id,
        @JsonProperty("name") String name,
        @JsonProperty("url") String url,
        @JsonProperty("format") String format,
        @JsonProperty("map") Map<String, String> map,
        @JsonProperty("image_base") String imageBase,
        @JsonProperty("collection") String collection,
        @JsonProperty("include_hidden") boolean includeHidden,
        @JsonProperty("dry_run") boolean dryRun,
        @JsonProperty("delete_missing") boolean deleteMissing,
        @JsonProperty("confirmed") boolean confirmed,
        @JsonProperty("created_at") String createdAt) {}
