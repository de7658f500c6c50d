# Varnish before Canvas as a micro-cache: answers of up to a second ago, and of one more while a new one is fetched. The
# service says no-cache, because its own answers are current; Varnish is told to ignore it.
#
# It does: find the answer by its URL in memory and send it.
# It does not: learn of writes, write its log to a file, count requests beyond its own counters.
#
# The lab replaces each @PLACEHOLDER@.
vcl 4.1;

backend service {
  .host = "127.0.0.1";
  .port = "@UPSTREAM@";
}

sub vcl_backend_response {
  if (beresp.status == 200) {
    set beresp.ttl = 1s;
    set beresp.grace = 1s;
    set beresp.do_stream = false; # The length is sent on a miss, too.
    return (deliver);
  }
}

# Every side must send the same headers.
sub vcl_deliver {
  unset resp.http.X-Varnish;
  unset resp.http.Via;
  unset resp.http.Age;
  unset resp.http.Accept-Ranges;
}
