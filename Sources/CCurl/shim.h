#ifndef COUNTERSIGN_CCURL_SHIM_H
#define COUNTERSIGN_CCURL_SHIM_H

// libcurl is loaded by the first request, not with the program: it brings forty libraries, a third of the time that
// the program needs to start, and a review without a model has no use for a network library. Its functions are
// therefore called by the names below. setopt and getinfo are variadic, which Swift cannot call: one inline function
// per argument type. No other logic here.

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/un.h>

// struct ucred is GNU-only in glibc's headers; this has the kernel's layout of SO_PEERCRED.
struct cs_peer_credentials {
  int pid;
  unsigned int uid;
  unsigned int gid;
};

// Loading it again counts only up a number; the library stays until the program ends.
static inline void *cs_curl_function(const char *name) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  return library ? dlsym(library, name) : NULL;
}

#define CS_CURL(name) ((__typeof__(&name))cs_curl_function(#name))

// CURLE_FAILED_INIT when the library cannot be loaded or is older than 7.84, which made this safe from any thread; no
// other function may be called then.
static inline CURLcode cs_curl_global_init(void) {
  const curl_version_info_data *version =
      CS_CURL(curl_version_info) ? CS_CURL(curl_version_info)(CURLVERSION_NOW) : NULL;
  if (!version || version->version_num < 0x075400) return CURLE_FAILED_INIT;
  return CS_CURL(curl_global_init)(CURL_GLOBAL_DEFAULT);
}

static inline CURL *cs_curl_easy_init(void) { return CS_CURL(curl_easy_init)(); }

static inline void cs_curl_easy_cleanup(CURL *handle) { CS_CURL(curl_easy_cleanup)(handle); }

static inline const char *cs_curl_easy_strerror(CURLcode code) {
  return CS_CURL(curl_easy_strerror)(code);
}

static inline struct curl_slist *cs_curl_slist_append(struct curl_slist *list, const char *text) {
  return CS_CURL(curl_slist_append)(list, text);
}

static inline void cs_curl_slist_free_all(struct curl_slist *list) {
  CS_CURL(curl_slist_free_all)(list);
}

static inline CURLM *cs_curl_multi_init(void) { return CS_CURL(curl_multi_init)(); }

static inline CURLMcode cs_curl_multi_cleanup(CURLM *multi) {
  return CS_CURL(curl_multi_cleanup)(multi);
}

static inline CURLMcode cs_curl_multi_add_handle(CURLM *multi, CURL *handle) {
  return CS_CURL(curl_multi_add_handle)(multi, handle);
}

static inline CURLMcode cs_curl_multi_remove_handle(CURLM *multi, CURL *handle) {
  return CS_CURL(curl_multi_remove_handle)(multi, handle);
}

static inline CURLMcode cs_curl_multi_perform(CURLM *multi, int *running) {
  return CS_CURL(curl_multi_perform)(multi, running);
}

static inline CURLMcode cs_curl_multi_poll(CURLM *multi, int milliseconds) {
  return CS_CURL(curl_multi_poll)(multi, NULL, 0, milliseconds, NULL);
}

static inline CURLMcode cs_curl_multi_wakeup(CURLM *multi) {
  return CS_CURL(curl_multi_wakeup)(multi);
}

static inline CURLMsg *cs_curl_multi_info_read(CURLM *multi, int *left) {
  return CS_CURL(curl_multi_info_read)(multi, left);
}

static inline const char *cs_curl_multi_strerror(CURLMcode code) {
  return CS_CURL(curl_multi_strerror)(code);
}

static inline CURLcode cs_curl_set_long(CURL *handle, CURLoption option, long value) {
  return CS_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode cs_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return CS_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode cs_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return CS_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode cs_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return CS_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode cs_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return CS_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode cs_curl_set_data_callback(CURL *handle, CURLoption option,
                                                 curl_write_callback callback) {
  return CS_CURL(curl_easy_setopt)(handle, option, callback);
}

static inline CURLcode cs_curl_set_open_socket_callback(CURL *handle,
                                                        curl_opensocket_callback callback) {
  return CS_CURL(curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline CURLcode cs_curl_set_before_request_callback(CURL *handle,
                                                           curl_prereq_callback callback) {
  return CS_CURL(curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode cs_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return CS_CURL(curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode cs_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return CS_CURL(curl_easy_getinfo)(handle, info, value);
}

#endif
