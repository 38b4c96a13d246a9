package dial

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

const noRoles = "roles are not assumed; give keys, or run where the machine has the role"

// S3Options are those that the s3 input and output share.
var S3Options = []plugin.Option{
	{Name: "bucket", Kind: plugin.String, Required: true, Help: "The bucket."},
	{Name: "region", Kind: plugin.String, Default: "us-east-1", Help: "Its region."},
	{Name: "endpoint", Kind: plugin.String, Help: "URL of another service that speaks S3, such as http://127.0.0.1:9000; by default Amazon's."},
	{Name: "access_key_id", Kind: plugin.String, Help: "Key to sign with; without it, that of the environment, of ~/.aws/credentials, or of the machine's role."},
	{Name: "secret_access_key", Kind: plugin.Password, Help: "Its secret."},
	{Name: "session_token", Kind: plugin.Password, Help: "Token of temporary keys."},
	{Name: "additional_settings", Kind: plugin.Hash, Help: "force_path_style => true puts the bucket into the path, as most services other than Amazon's need; it is the default with endpoint."},
	{Name: "proxy_uri", Kind: plugin.String, Help: "URL of a proxy; by default what the environment names."},
	{Name: "role_arn", Kind: plugin.String, Unsupported: noRoles}, {Name: "role_session_name", Kind: plugin.String, Unsupported: noRoles}, {Name: "web_identity_token_file", Kind: plugin.Path, Unsupported: noRoles},
	{Name: "aws_credentials_file", Kind: plugin.Path, Unsupported: "it was a Ruby file; give keys or use ~/.aws/credentials"},
	{Name: "use_aws_bundled_ca", Kind: plugin.Boolean, Ignored: "the system's authorities are used"},
}

// S3 makes a client of S3Options. It connects when it is used.
func S3(_ *pipeline.Env, s *plugin.Settings) (*minio.Client, error) {
	if s.Has("access_key_id") != s.Has("secret_access_key") {
		return nil, s.Errorf("access_key_id", "and secret_access_key must both be given")
	}
	keys := credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}})
	if s.Has("access_key_id") {
		keys = credentials.NewStaticV4(s.String("access_key_id"), s.String("secret_access_key"), s.String("session_token"))
	}
	options := &minio.Options{Creds: keys, Secure: true, Region: s.String("region"), MaxRetries: 1} // plugins retry by rules of their own
	address := "s3." + s.String("region") + ".amazonaws.com"
	if s.Has("endpoint") {
		u, err := url.Parse(s.String("endpoint"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, s.Errorf("endpoint", "%q is no URL such as http://127.0.0.1:9000", s.String("endpoint"))
		}
		address, options.Secure, options.BucketLookup = u.Host, u.Scheme == "https", minio.BucketLookupPath
	}
	for _, p := range s.Pairs("additional_settings") {
		switch {
		case p.Key != "force_path_style" || !slices.Contains([]string{"true", "false"}, p.Value.Str):
			return nil, s.Errorf("additional_settings", "takes force_path_style => true or false, not %q", p.Key)
		case p.Value.Str == "true":
			options.BucketLookup = minio.BucketLookupPath
		default:
			options.BucketLookup = minio.BucketLookupDNS
		}
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 8, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if s.Has("proxy_uri") {
		u, err := url.Parse(s.String("proxy_uri"))
		if err != nil || u.Host == "" {
			return nil, s.Errorf("proxy_uri", "%q is no URL", Redacted(s.String("proxy_uri")))
		}
		transport.Proxy = http.ProxyURL(u)
	}
	options.Transport = transport
	if bucket := s.String("bucket"); len(bucket) < 3 || len(bucket) > 63 || strings.Contains(bucket, "/") {
		return nil, s.Errorf("bucket", "is a name of 3 to 63 characters without slashes; folders are for prefix")
	}
	client, err := minio.New(address, options)
	if err != nil {
		return nil, s.Errorf("endpoint", "%v", err)
	}
	return client, nil
}
