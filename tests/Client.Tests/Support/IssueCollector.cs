using Chuizi.Video.Client.Rows;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A request checker that collects the issues of all rows.</summary>
internal sealed class IssueCollector(Func<string, string>? resolvePath = null)
{
    private readonly RowChecker _checker = new(resolvePath);

    public List<ValidationIssue> Errors { get; } = [];

    public List<ValidationIssue> Warnings { get; } = [];

    /// <summary>Returns the request, or null if it must not be sent.</summary>
    public VideoRequest? Check(RowInput input)
    {
        CheckedRow row = _checker.Check(input);
        Errors.AddRange(row.Errors);
        Warnings.AddRange(row.Warnings);
        return row.Errors.Count == 0 ? row.Request.ShouldNotBeNull() : null;
    }
}
