from django.http import Http404


def current(request, *args, **kwargs):
    raise Http404


def contents(request, *args, **kwargs):
    raise Http404


def whole(request, *args, **kwargs):
    raise Http404


def goal(request, *args, **kwargs):
    raise Http404


def section(request, *args, **kwargs):
    raise Http404


