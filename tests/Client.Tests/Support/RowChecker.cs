using Chuizi.Video.Client.Rows;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A request builder that collects the issues of all rows.</summary>
internal sealed class RowChecker(Func<string, string>? resolvePath = null)
{
    private readonly RequestBuilder _builder = new(resolvePath);

    public List<ValidationIssue> Errors { get; } = [];

    public List<ValidationIssue> Warnings { get; } = [];

    /// <summary>Returns the request, or null if it must not be sent.</summary>
    public VideoRequest? Build(RowInput input)
    {
        CheckedRow row = _builder.Build(input);
        Errors.AddRange(row.Errors);
        Warnings.AddRange(row.Warnings);
        return row.Errors.Count == 0 ? row.Request.ShouldNotBeNull() : null;
    }
}
