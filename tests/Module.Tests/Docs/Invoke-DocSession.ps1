<#
.SYNOPSIS
Runs the examples of documents for ExampleTests: one JSON line from standard input for each step, one JSON line back.

.DESCRIPTION
A step with a Folder opens a new session there; one with Code runs an example in it and answers with its errors and warnings.
#>
param(
    # The manifest of the module.
    [string] $Module
)

$ErrorActionPreference = 'Stop'

function Open-Session($Step) {
    $state = [initialsessionstate]::CreateDefault2()
    if (-not $Step.StartsFromNothing) {
        $state.ImportPSModule($Module)
    }

    $runspace = [runspacefactory]::CreateRunspace($state)
    $runspace.Open()
    $shell = [powershell]::Create($runspace).AddScript({ param($step)
        $ErrorActionPreference = 'Stop'
        Set-Location -LiteralPath $step.Folder
        # Videos are finished at once, and polls come fast.
        $global:PSDefaultParameterValues = @{ 'Start-ChuiziVideoSandbox:GenerationTime' = 0; 'Wait-ChuiziVideo:PollInterval' = 0.05 }
        if (-not $step.StartsFromNothing) {
            Connect-ChuiziVideo $step.Key -BaseUri $step.Address
        }
    }).AddArgument($Step)
    $null = $shell.Invoke()
    $shell.Dispose()
    $runspace
}

function Invoke-Example($Runspace, [string] $Code) {
    $shell = [powershell]::Create($Runspace).AddScript($Code)
    $errors = @()
    try {
        $null = $shell.Invoke()
    }
    catch {
        $errors = @($_.Exception.InnerException.ErrorRecord)
    }

    $errors = @($shell.Streams.Error) + $errors
    @{
        Errors   = @($errors.ForEach({ $_.FullyQualifiedErrorId }))
        Messages = @($errors.ForEach({ "$_" }))
        Warnings = @($shell.Streams.Warning.ForEach({ $_.Message }))
    }
    $shell.Dispose()
}

$runspace = $null
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $step = ConvertFrom-Json $line
    if ($step.PSObject.Properties['Folder']) {
        if ($runspace) {
            $runspace.Dispose()
        }

        $runspace = Open-Session $step
        $answer = @{}
    }
    else {
        $answer = Invoke-Example $runspace $step.Code
    }

    [Console]::Out.WriteLine((ConvertTo-Json $answer -Compress))
}
